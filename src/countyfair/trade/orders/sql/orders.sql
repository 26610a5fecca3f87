-- Placing an order: one round trip, one commit. Python decided prices, lots and shares; here they
-- are written down together with the stock they hold and the payment they ask for, or refused.
--
-- Order of locks: the order's row, then what its buyer has of capped offers, then brands and their licences, then promotions, then stock (supplies, lots,
-- reservations by id), then payments,
-- then the ledger.
--
-- SQLSTATEs:
--   OR409  the id was used before, for something else
--   CF001, CF002  as in stock; CF002 from catalog and promotions too, when an offer or a promotion changed
--                 after it was read
--   PR001  a promotion is used up
--   OR002  the buyer would have more of an offer than one buyer may; DETAIL: [[offer, packs left], ...]
--
-- `further` is NULL, or an object of what few orders have: `caps`, of offers with a cap for one buyer, [offer,
-- packs wanted, most, since] each; `gift`, whether it goes to somebody else, without prices.
--
-- `discounts` is NULL, as `line_discounts` is, or an object: `buyer`, a keyed name; `group`, the key of its group or null; `uses`, [promotion, version,
-- amount] each; `lines`, [id, line, promotion, version, stacking version, kind, zh, en, bearer, amount] each;
-- `shares`, [id, discount, line, beneficiary, owner, lot or null, amount, grade, factor, standard] each.

-- Packs of an offer that a buyer has ordered since a moment: a member by account, others by the keyed phone.
-- What was called off, not paid in time or given back whole counts no more, nor does what was sent instead.
CREATE OR REPLACE FUNCTION orders_had(of_offer uuid, by_buyer uuid, phone text, since timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF by_buyer IS NOT NULL THEN
        RETURN (SELECT coalesce(sum(l.quantity), 0) FROM orders_order o JOIN orders_line l ON l.order_id = o.id
                 WHERE o.buyer_id = by_buyer AND o.placed_at >= since
                   AND o.state NOT IN ('cancelled', 'refunded') AND l.offer_id = of_offer AND l.price_fen > 0);
    END IF;
    RETURN (SELECT coalesce(sum(l.quantity), 0) FROM orders_contact c JOIN orders_order o ON o.id = c.order_id
              JOIN orders_line l ON l.order_id = o.id
             WHERE c.phone_blind = phone AND phone <> '' AND o.buyer_id IS NULL AND o.placed_at >= since
               AND o.state NOT IN ('cancelled', 'refunded') AND l.offer_id = of_offer AND l.price_fen > 0);
END
$$;

-- What orders of a buyer for an offer wait for each other at.
CREATE OR REPLACE FUNCTION orders_cap_key(of_offer uuid, by_buyer uuid, phone text) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended(concat_ws('|', 'orders.cap', of_offer, coalesce(by_buyer::text, phone)), 0)
$$;

-- Wait for other orders of the same buyers for the same offers: before orders that were called off are taken up
-- again, and before their stock is locked.
CREATE OR REPLACE FUNCTION orders_lock_caps(keys uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT DISTINCT l.offer_id, o.buyer_id, c.phone_blind
                 FROM orders_order o JOIN orders_line l ON l.order_id = o.id
                 LEFT JOIN orders_contact c ON c.order_id = o.id
                WHERE o.id = ANY (keys) ORDER BY 1, 2, 3 LOOP
        PERFORM pg_advisory_xact_lock(orders_cap_key(one.offer_id, one.buyer_id, one.phone_blind));
    END LOOP;
END
$$;

-- Refuse (OR002) what would give a buyer more of an offer than one buyer may have. Orders of the same buyer for
-- the same offer wait here for each other, so that two at once count one after the other.
CREATE OR REPLACE FUNCTION orders_keep_caps(caps jsonb, by_buyer uuid, phone text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    capped record;
    room bigint;
    short jsonb := '[]';
BEGIN
    FOR capped IN SELECT (c ->> 0)::uuid AS offer, (c ->> 1)::int AS packs, (c ->> 2)::int AS most,
                         (c ->> 3)::timestamptz AS since
                    FROM jsonb_array_elements(caps) c ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(orders_cap_key(capped.offer, by_buyer, phone));
        room := capped.most - orders_had(capped.offer, by_buyer, phone, capped.since);
        IF capped.packs > room THEN
            short := short || jsonb_build_array(jsonb_build_array(capped.offer, greatest(room, 0)));
        END IF;
    END LOOP;
    IF short <> '[]' THEN
        RAISE EXCEPTION 'a buyer has had what one buyer may' USING ERRCODE = 'OR002', DETAIL = short::text;
    END IF;
END
$$;

-- Use the promotions of an order, and freeze what each took off its lines.
CREATE OR REPLACE FUNCTION orders_take_off(of_order uuid, in_county text, discounts jsonb, moment timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM promotions_redeem(
        in_county, of_order::text, discounts ->> 'buyer', array_agg((u ->> 0)::uuid),
        array_agg((u ->> 1)::int), array_agg((u ->> 2)::bigint), moment)
       FROM jsonb_array_elements(discounts -> 'uses') u;
    INSERT INTO orders_linediscount
           (id, order_id, line_id, county, promotion_id, promotion_version, stacking_version, kind, name_zh,
            name_en, bearer, amount_fen)
    SELECT (d ->> 0)::uuid, of_order, (d ->> 1)::uuid, in_county, (d ->> 2)::uuid, (d ->> 3)::int,
           (d ->> 4)::int, d ->> 5, d ->> 6, d ->> 7, d ->> 8, (d ->> 9)::bigint
      FROM jsonb_array_elements(discounts -> 'lines') d;
END
$$;

CREATE OR REPLACE FUNCTION orders_place(
    acting text, from_basket boolean, basket uuid,
    new_order uuid, in_county text, new_number text, by_buyer uuid, by_outlet text,
    goods bigint, freight bigint, discount bigint, in_currency text, how text, at_station uuid, to_place text,
    from_station uuid, from_place text, by_gateway text, new_intent uuid, by_freight int, by_terms int,
    window_days int, new_content text, moment timestamptz, pay_until timestamptz,
    contact text, contact_phone text,
    lines uuid[], offers uuid[], versions int[], shops uuid[], shop_names text[], kinds text[],
    names_zh text[], names_en text[], labels_zh text[], labels_en text[], categories text[], places text[],
    expected date[], quantities int[], contents bigint[], units text[], ways text[], prices bigint[],
    shares uuid[], share_lines uuid[], beneficiaries text[], owners text[], share_lots uuid[],
    lot_amounts bigint[], share_amounts bigint[], share_grades text[], share_factors int[],
    share_standards int[],
    holds uuid[], supplies uuid[], hold_lots uuid[], hold_amounts bigint[], holders text[],
    line_discounts bigint[], discounts jsonb, further jsonb
) RETURNS TABLE (order_number text, order_intent uuid, order_total bigint) LANGUAGE plpgsql AS $$
DECLARE
    marks jsonb;
BEGIN
    PERFORM set_config('countyfair.actor', acting, true);
    INSERT INTO orders_order
           (id, county, number, buyer_id, outlet, state, goods_fen, freight_fen, total_fen, discount_fen, currency, fulfilment,
            station_id, destination, origin_id, origin_place, gateway, intent, freight_version,
            return_window_days, content, placed_at, pay_before, gift,
            group_id)
    VALUES (new_order, in_county, new_number, by_buyer, by_outlet, 'placed', goods, freight, goods + freight,
            discount, in_currency, how, at_station, to_place, from_station, from_place, by_gateway, new_intent, by_freight,
            window_days, new_content, moment, pay_until, coalesce((further ->> 'gift')::boolean, false),
            (discounts ->> 'group')::uuid)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        RETURN QUERY SELECT o.number::text, o.intent, o.total_fen FROM orders_order o
                      WHERE o.id = new_order AND o.content = new_content;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the id of this order was used before' USING ERRCODE = 'OR409';
        END IF;
        RETURN;
    END IF;
    IF further IS NOT NULL THEN
        PERFORM orders_keep_caps(further -> 'caps', by_buyer, contact_phone);
    END IF;
    INSERT INTO orders_contact (order_id, county, sealed, phone_blind)
    VALUES (new_order, in_county, contact, contact_phone);
    marks := catalog_require(offers, versions, moment);
    INSERT INTO orders_line
           (id, order_id, county, position, offer_id, offer_version, shop_id, shop_name, kind, name_zh, name_en,
            label_zh, label_en, category, place, quantity, content_amount, unit, sold_by, price_fen, amount_fen,
            discount_fen, terms_version, expected_on, brand_id, brand_version)
    SELECT l.id, new_order, in_county, l.position, l.offer, l.version, l.shop, l.shop_name, l.kind, l.name_zh,
           l.name_en, l.label_zh, l.label_en, l.category, l.place, l.quantity, l.content, l.unit, l.way, l.price,
           l.price * l.quantity - coalesce(l.discount, 0), coalesce(l.discount, 0), by_terms, l.expected,
           (marks -> l.offer::text ->> 0)::uuid, (marks -> l.offer::text ->> 1)::int
      FROM unnest(lines, offers, versions, shops, shop_names, kinds, names_zh, names_en, labels_zh, labels_en,
                  categories, places, quantities, contents, units, ways, prices, line_discounts, expected) WITH ORDINALITY
        AS l (id, offer, version, shop, shop_name, kind, name_zh, name_en, label_zh, label_en, category, place,
              quantity, content, unit, way, price, discount, expected, position);
    IF discounts IS NOT NULL THEN
        PERFORM orders_take_off(new_order, in_county, discounts, moment);
    END IF;
    PERFORM stock_reserve(in_county, holds, supplies, hold_lots, hold_amounts, holders, pay_until, moment);
    INSERT INTO orders_share
           (id, order_id, line_id, county, beneficiary, owner, lot_id, lot_amount, amount_fen, terms_version,
            grade, factor_milli, standard_version)
    SELECT s.id, new_order, s.line, in_county, s.beneficiary, s.owner, s.lot, s.lot_amount, s.amount, by_terms,
           s.grade, s.factor, s.standard
      FROM unnest(shares, share_lines, beneficiaries, owners, share_lots, lot_amounts, share_amounts,
                  share_grades, share_factors, share_standards)
        AS s (id, line, beneficiary, owner, lot, lot_amount, amount, grade, factor, standard);
    IF discounts IS NOT NULL THEN
        INSERT INTO orders_share
               (id, order_id, line_id, county, beneficiary, owner, lot_id, lot_amount, amount_fen, terms_version,
                grade, factor_milli, standard_version, discount_id)
        SELECT (s ->> 0)::uuid, new_order, (s ->> 2)::uuid, in_county, s ->> 3, s ->> 4, (s ->> 5)::uuid, 0,
               (s ->> 6)::bigint, by_terms, s ->> 7, (s ->> 8)::int, (s ->> 9)::int, (s ->> 1)::uuid
          FROM jsonb_array_elements(discounts -> 'shares') s;
    END IF;
    INSERT INTO orders_step (id, order_id, county, position, verb, before, after, reason, at)
    VALUES (kernel_uuid7(), new_order, in_county, 1, 'place', '', 'placed', '', moment);
    PERFORM payments_open(new_intent, in_county, new_order::text, by_gateway, goods + freight, in_currency,
                          moment, pay_until);
    PERFORM kernel_announce('orders.placed', 1, in_county, jsonb_build_object(
        'order', new_order, 'intent', new_intent, 'gateway', by_gateway, 'total_fen', goods + freight));
    IF from_basket THEN
        DELETE FROM orders_basketline b USING orders_basket k
         WHERE k.id = b.basket_id AND b.offer_id = ANY (offers)
           AND (k.user_id = by_buyer OR by_buyer IS NULL AND k.user_id IS NULL AND k.id = basket);
    END IF;
    RETURN QUERY SELECT new_number, new_intent, goods + freight;
END
$$;
