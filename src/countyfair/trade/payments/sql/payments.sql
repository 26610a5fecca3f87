-- Opening and taking a payment, each in the transaction and the round trip of its caller.

-- Ask for a sum through a gateway. The same intent with the same content is opened once; with other
-- content it is refused with SQLSTATE PY409.
CREATE OR REPLACE FUNCTION payments_open(
    intent uuid, intent_county text, intent_reference text, intent_gateway text, amount bigint,
    intent_currency text, moment timestamptz, expires timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO payments_intent (id, county, reference, gateway, amount_fen, currency, state, opened_at, expires_at)
    VALUES (intent, intent_county, intent_reference, intent_gateway, amount, intent_currency, 'awaiting', moment, expires)
    ON CONFLICT (id) DO NOTHING;
    IF NOT FOUND THEN
        PERFORM FROM payments_intent i
          WHERE i.id = intent
            AND (i.county, i.reference, i.gateway, i.amount_fen, i.currency)
              = (intent_county, intent_reference, intent_gateway, amount, intent_currency);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'intent % was opened with other content', intent USING ERRCODE = 'PY409';
        END IF;
    END IF;
END
$$;

-- Take money that a provider or an agent holds for an intent: once per provider's key, booked into
-- escrow and announced in the same transaction. Answers what became of it:
--   captured  the intent was awaiting it          late      the intent was closed: taken all the same
--   surplus   the intent was paid already         repeated  this very money was taken before
--   unknown | wrong_gateway | wrong_amount | wrong_currency | other_intent: nothing was taken
CREATE OR REPLACE FUNCTION payments_take(
    capture uuid, intent uuid, by_gateway text, by_key text, amount bigint, in_currency text,
    at_station uuid, moment timestamptz
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    asked record;
    known record;
    fact jsonb;
BEGIN
    SELECT i.id, i.county, i.reference, i.gateway, i.amount_fen, i.currency, i.state
      INTO asked FROM payments_intent i WHERE i.id = intent FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown';
    END IF;
    SELECT c.intent_id, c.amount_fen, c.currency
      INTO known FROM payments_capture c WHERE c.gateway = by_gateway AND c.provider_key = by_key;
    IF FOUND THEN
        RETURN CASE WHEN known.intent_id <> intent THEN 'other_intent'
                    WHEN known.amount_fen <> amount THEN 'wrong_amount'
                    WHEN known.currency <> in_currency THEN 'wrong_currency'
                    ELSE 'repeated' END;
    END IF;
    IF asked.gateway <> by_gateway THEN
        RETURN 'wrong_gateway';
    ELSIF asked.currency <> in_currency THEN
        RETURN 'wrong_currency';
    ELSIF asked.amount_fen <> amount THEN
        RETURN 'wrong_amount';
    END IF;

    INSERT INTO payments_capture (id, county, intent_id, gateway, provider_key, amount_fen, currency, station_id, captured_at)
    VALUES (capture, asked.county, intent, by_gateway, by_key, amount, in_currency, at_station, moment)
    ON CONFLICT (gateway, provider_key) DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'other_intent';
    END IF;
    IF asked.state <> 'paid' THEN
        UPDATE payments_intent SET state = 'paid', closed_at = moment WHERE id = intent;
    END IF;
    PERFORM ledger_post(
        asked.county, 'capture:' || capture, 'capture', moment,
        CASE WHEN at_station IS NULL THEN ARRAY['clearing', 'escrow'] ELSE ARRAY['till', 'escrow'] END,
        ARRAY['asset', 'liability'],
        ARRAY[coalesce(at_station::text, by_gateway), ''],
        ARRAY[in_currency, in_currency], ARRAY[amount, -amount], ARRAY[asked.reference, asked.reference]);

    fact := jsonb_build_object(
        'intent', intent, 'capture', capture, 'reference', asked.reference, 'gateway', by_gateway,
        'amount_fen', amount, 'currency', in_currency, 'captured_at', moment);
    IF asked.state = 'awaiting' THEN
        PERFORM kernel_announce('payments.captured', 1, asked.county, fact);
        RETURN 'captured';
    END IF;
    PERFORM kernel_announce('payments.captured_late', 1, asked.county, fact || jsonb_build_object('was', asked.state));
    RETURN CASE asked.state WHEN 'paid' THEN 'surplus' ELSE 'late' END;
END
$$;

-- Keep money that an outside platform took for orders that come home paid: their intents, captures and
-- entries, all new. Nothing is announced: who brings them home knows.
CREATE OR REPLACE FUNCTION payments_bring_home(
    in_county text, by_gateway text, in_currency text, intents uuid[], captures uuid[], refs text[], keys text[],
    amounts bigint[], moment timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO payments_intent (id, county, reference, gateway, amount_fen, currency, state, opened_at, closed_at)
    SELECT n.intent, in_county, n.ref, by_gateway, n.amount, in_currency, 'paid', moment, moment
      FROM unnest(intents, refs, amounts) AS n (intent, ref, amount);
    INSERT INTO payments_capture (id, county, intent_id, gateway, provider_key, amount_fen, currency, captured_at)
    SELECT n.capture, in_county, n.intent, by_gateway, n.key, n.amount, in_currency, moment
      FROM unnest(captures, intents, keys, amounts) AS n (capture, intent, key, amount);
    PERFORM ledger_post_sums(
        in_county, 'capture', moment, in_currency, 'clearing', 'asset', by_gateway, 'escrow', 'liability', '',
        ARRAY(SELECT 'capture:' || c FROM unnest(captures) WITH ORDINALITY AS u (c, n) ORDER BY n), amounts, refs);
END
$$;
