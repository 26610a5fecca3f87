-- Bringing home orders that were placed and paid on an outside platform: a batch at a time, all of it or nothing.
-- Python decided lots and shares, as for an order of our own. What is new is written first, and its keys are
-- checked; the lots, which others want too, are locked last (orders_hold_home).
--
-- Order of locks: as in orders.sql, but for payments and the ledger: their rows are new here, and lock nobody.
--
-- SQLSTATEs:
--   OR410  one of these orders is here by now: read again which are new
--   CF001, CF002  as in stock

CREATE OR REPLACE FUNCTION orders_bring_home(
    acting text, in_county text, by_outlet text, by_seller text, in_currency text, by_terms int, window_days int,
    moment timestamptz,
    orders uuid[], numbers text[], refs text[], digests text[], goods bigint[], freights bigint[],
    destinations text[], origins uuid[], origin_places text[], intents uuid[], captures uuid[], contacts text[],
    phones text[], placed timestamptz[], paid timestamptz[],
    lines uuid[], line_orders uuid[], positions int[], offers uuid[], versions int[], shops uuid[],
    shop_names text[], kinds text[], names_zh text[], names_en text[], labels_zh text[], labels_en text[],
    categories text[], places text[], quantities int[], contents bigint[], units text[], ways text[],
    prices bigint[],
    shares uuid[], share_orders uuid[], share_lines uuid[], beneficiaries text[], owners text[],
    share_lots uuid[], lot_amounts bigint[], share_amounts bigint[], share_grades text[], share_factors int[],
    share_standards int[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    marks jsonb;
    written int;
BEGIN
    PERFORM set_config('countyfair.actor', acting, true);
    INSERT INTO orders_order
           (id, county, number, outlet, state, goods_fen, freight_fen, total_fen, currency, fulfilment,
            destination, origin_id, origin_place, gateway, intent, freight_version, return_window_days, content,
            placed_at, paid_at)
    SELECT o.id, in_county, o.number, by_outlet, 'paid', o.goods, o.freight, o.goods + o.freight, in_currency,
           'delivery', o.destination, o.origin, o.origin_place, by_outlet, o.intent, 0, window_days, o.digest,
           o.placed, o.paid
      FROM unnest(orders, numbers, digests, goods, freights, destinations, origins, origin_places, intents,
                  placed, paid)
        AS o (id, number, digest, goods, freight, destination, origin, origin_place, intent, placed, paid)
     ORDER BY o.id
    ON CONFLICT (id) DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written < cardinality(orders) THEN
        RAISE EXCEPTION 'some of these orders are here by now' USING ERRCODE = 'OR410';
    END IF;
    INSERT INTO orders_outside (order_id, county, outlet, seller, reference)
    SELECT o.id, in_county, by_outlet, by_seller, o.ref FROM unnest(orders, refs) AS o (id, ref);
    INSERT INTO orders_contact (order_id, county, sealed, phone_blind)
    SELECT o.id, in_county, o.contact, o.phone FROM unnest(orders, contacts, phones) AS o (id, contact, phone);
    marks := catalog_require(offers, versions, moment);
    INSERT INTO orders_line
           (id, order_id, county, position, offer_id, offer_version, shop_id, shop_name, kind, name_zh, name_en,
            label_zh, label_en, category, place, quantity, content_amount, unit, sold_by, price_fen, amount_fen,
            discount_fen, terms_version, brand_id, brand_version)
    SELECT l.id, l.of_order, in_county, l.position, l.offer, l.version, l.shop, l.shop_name, l.kind, l.name_zh,
           l.name_en, l.label_zh, l.label_en, l.category, l.place, l.quantity, l.content, l.unit, l.way, l.price,
           l.price * l.quantity, 0, by_terms, (m.mark ->> 0)::uuid, (m.mark ->> 1)::int
      FROM unnest(lines, line_orders, positions, offers, versions, shops, shop_names, kinds, names_zh, names_en,
                  labels_zh, labels_en, categories, places, quantities, contents, units, ways, prices)
        AS l (id, of_order, position, offer, version, shop, shop_name, kind, name_zh, name_en, label_zh, label_en,
              category, place, quantity, content, unit, way, price)
      -- A mark counts only where it was licensed when the platform sold it, too.
      LEFT JOIN LATERAL (SELECT marks -> l.offer::text AS mark FROM unnest(orders, placed) AS o (id, at)
                          WHERE marks ? l.offer::text AND o.id = l.of_order
                            AND catalog_mark((marks -> l.offer::text ->> 0)::uuid, l.shop, o.at) IS NOT NULL) m
             ON marks IS NOT NULL;
    INSERT INTO orders_share
           (id, order_id, line_id, county, beneficiary, owner, lot_id, lot_amount, amount_fen, terms_version,
            grade, factor_milli, standard_version)
    SELECT s.id, s.of_order, s.line, in_county, s.beneficiary, s.owner, s.lot, s.lot_amount, s.amount, by_terms,
           s.grade, s.factor, s.standard
      FROM unnest(shares, share_orders, share_lines, beneficiaries, owners, share_lots, lot_amounts, share_amounts,
                  share_grades, share_factors, share_standards)
        AS s (id, of_order, line, beneficiary, owner, lot, lot_amount, amount, grade, factor, standard);
    INSERT INTO orders_step (id, order_id, county, position, verb, before, after, reason, at)
    SELECT kernel_uuid7(), o.id, in_county, 1, 'bring_home', '', 'paid', '', moment FROM unnest(orders) AS o (id);
    PERFORM payments_bring_home(
        in_county, by_outlet, in_currency, intents, captures,
        ARRAY(SELECT o::text FROM unnest(orders) WITH ORDINALITY AS u (o, n) ORDER BY n),
        ARRAY(SELECT by_seller || ':' || r FROM unnest(refs) WITH ORDINALITY AS u (r, n) ORDER BY n),
        ARRAY(SELECT g + f FROM unnest(goods, freights) WITH ORDINALITY AS u (g, f, n) ORDER BY n), moment);
    PERFORM kernel_announce('orders.paid', 1, in_county, jsonb_build_object(
                'order', o.id, 'intent', o.intent, 'total_fen', o.total))
       FROM (SELECT u.id, u.intent, u.goods + u.freight AS total
               FROM unnest(orders, intents, goods, freights) AS u (id, intent, goods, freight)) o;
END
$$;

-- Of orders that were just brought home: these have left already, and perhaps arrived. The parcels that their
-- platform told of are kept.
CREATE OR REPLACE FUNCTION orders_sent_before(
    in_county text, by_outlet text, orders uuid[], carriers text[], waybills text[],
    destinations text[], weights bigint[], from_places text[], sent timestamptz[], received timestamptz[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders_order o SET state = CASE WHEN s.received IS NULL THEN 'handed_over' ELSE 'delivered' END,
                              delivered_at = s.received
      FROM unnest(orders, received) AS s (id, received) WHERE o.id = s.id AND o.id = ANY (orders);
    INSERT INTO orders_step (id, order_id, county, position, verb, before, after, reason, at)
    SELECT kernel_uuid7(), s.id, in_county, v.position, v.verb, v.before, v.after, '',
           CASE v.position WHEN 2 THEN s.sent ELSE s.received END
      FROM unnest(orders, sent, received) AS s (id, sent, received)
     CROSS JOIN (VALUES (2, 'send_outside', 'paid', 'handed_over'), (3, 'deliver', 'handed_over', 'delivered'))
           AS v (position, verb, before, after)
     WHERE v.position = 2 OR s.received IS NOT NULL;
    PERFORM logistics_note_sent(
        in_county, ARRAY(SELECT o::text FROM unnest(orders) WITH ORDINALITY AS u (o, n) ORDER BY n), carriers,
        waybills, destinations, weights, from_places, sent, received, 'platform:' || by_outlet);
END
$$;

-- Hold what orders that were just brought home draw on, and let go what has left already.
CREATE OR REPLACE FUNCTION orders_hold_home(
    in_county text, moment timestamptz, holds uuid[], supplies uuid[], hold_lots uuid[], hold_amounts bigint[],
    holders text[], gone text[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- What was written so far is checked now, before lots are locked, not at the commit.
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    PERFORM stock_reserve(in_county, holds, supplies, hold_lots, hold_amounts, holders, NULL, moment);
    IF cardinality(gone) > 0 THEN
        PERFORM stock_dispatch(gone, moment);
    END IF;
END
$$;
