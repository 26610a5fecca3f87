-- Using promotions, in the transaction and the round trip of whoever gives something for less.
--
-- Order of locks: promotions by id. SQLSTATEs:
--   CF002  a promotion changed after it was read, or is not open now
--   PR001  it was used as often as it may be; DETAIL says by whom: "all" or "buyer"

-- A use moves the counter of its promotion, which its limit guards.
CREATE OR REPLACE FUNCTION promotions_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE promotions_promotion p SET used = p.used + m.uses
      FROM (SELECT promotion_id, sum(uses) AS uses FROM moved GROUP BY promotion_id) m
     WHERE p.id = m.promotion_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER promotions_follow AFTER INSERT ON promotions_redemption
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION promotions_follow();

-- Use these promotions once each for one holder. `amounts` is what each takes off.
CREATE OR REPLACE FUNCTION promotions_redeem(
    in_county text, by_holder text, by_buyer text, keys uuid[], versions int[], amounts bigint[],
    moment timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted record;
    stands record;
BEGIN
    FOR wanted IN SELECT w.key, w.version, w.amount FROM unnest(keys, versions, amounts) AS w (key, version, amount)
                   ORDER BY w.key LOOP
        SELECT p.version, p.ended_at, p.opens_at, p.closes_at, p.used, p.limit_total, p.limit_each, p.gathered
          INTO stands FROM promotions_promotion p
         WHERE p.id = wanted.key AND p.county = in_county FOR NO KEY UPDATE;
        IF NOT FOUND OR stands.version <> wanted.version OR stands.ended_at IS NOT NULL
           OR stands.opens_at > moment OR stands.closes_at <= moment OR stands.gathered = 'failed' THEN
            RAISE EXCEPTION 'a promotion changed after it was read' USING ERRCODE = 'CF002';
        END IF;
        IF stands.used >= stands.limit_total THEN
            RAISE EXCEPTION 'a promotion is used up' USING ERRCODE = 'PR001', DETAIL = 'all';
        END IF;
        IF stands.limit_each <= (SELECT coalesce(sum(r.uses), 0) FROM promotions_redemption r
                                 WHERE r.promotion_id = wanted.key AND r.buyer = by_buyer) THEN
            RAISE EXCEPTION 'a promotion is used up' USING ERRCODE = 'PR001', DETAIL = 'buyer';
        END IF;
        INSERT INTO promotions_redemption (id, promotion_id, county, holder, buyer, uses, amount_fen, at)
        VALUES (kernel_uuid7(), wanted.key, in_county, by_holder, by_buyer, 1, wanted.amount, moment);
    END LOOP;
END
$$;

-- Take back what a holder used, each once; answers how many.
CREATE OR REPLACE FUNCTION promotions_give_back(by_holder text, moment timestamptz)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    returned int := 0;
    one record;
BEGIN
    FOR one IN SELECT p.id, r.county, r.buyer, r.amount_fen
                 FROM promotions_redemption r JOIN promotions_promotion p ON p.id = r.promotion_id
                WHERE r.holder = by_holder AND r.uses = 1 ORDER BY p.id FOR NO KEY UPDATE OF p LOOP
        INSERT INTO promotions_redemption (id, promotion_id, county, holder, buyer, uses, amount_fen, at)
        VALUES (kernel_uuid7(), one.id, one.county, by_holder, one.buyer, -1, -one.amount_fen, moment)
        ON CONFLICT (holder, promotion_id, uses) DO NOTHING;
        IF FOUND THEN
            returned := returned + 1;
        END IF;
    END LOOP;
    RETURN returned;
END
$$;
