-- The one way stock moves. A movement is inserted; the counters of its lot and its supply follow
-- by trigger, and their check constraints refuse what was never harvested or is past a cap.
--
-- Order of locks, in every function: supplies by id, lots by id, reservations by id.
-- Amounts are in base units (g or pieces).
--
-- Own SQLSTATEs, told apart by `rules.refusal_of`:
--   CF001  sold out: DETAIL is [{"supply", "left"}] in base units
--   CF002  the lots were read too long ago: this one lacks it, the pool has it
--   CF004  it is of a harvest that was not weighed yet
--   CF003  it is not in the state that this asks for, or its key was used for something else

-- Move the counters by what one statement inserted.
CREATE OR REPLACE FUNCTION stock_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    supplies uuid[];
    used_sums bigint[];
    lots uuid[];
    on_hand_sums bigint[];
    reserved_sums bigint[];
BEGIN
    SELECT array_agg(m.supply_id ORDER BY m.supply_id), array_agg(m.used ORDER BY m.supply_id)
      INTO supplies, used_sums
      FROM (SELECT supply_id, sum(used_delta)::bigint AS used FROM moved
             WHERE supply_id IS NOT NULL GROUP BY supply_id HAVING sum(used_delta) <> 0) m;
    SELECT array_agg(m.lot_id ORDER BY m.lot_id), array_agg(m.on_hand ORDER BY m.lot_id),
           array_agg(m.reserved ORDER BY m.lot_id)
      INTO lots, on_hand_sums, reserved_sums
      FROM (SELECT lot_id, sum(on_hand_delta)::bigint AS on_hand, sum(reserved_delta)::bigint AS reserved
              FROM moved GROUP BY lot_id) m;
    PERFORM stock_lock(supplies, lots);
    -- Named twice, so that the few that moved are looked up and the table is not read through for them.
    UPDATE stock_supply s SET used = s.used + m.used
      FROM unnest(supplies, used_sums) AS m (id, used) WHERE s.id = m.id AND s.id = ANY (supplies);
    UPDATE stock_lot l SET on_hand = l.on_hand + m.on_hand, reserved = l.reserved + m.reserved
      FROM unnest(lots, on_hand_sums, reserved_sums) AS m (id, on_hand, reserved)
     WHERE l.id = m.id AND l.id = ANY (lots);
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER stock_follow AFTER INSERT ON stock_movement
    REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION stock_follow();

-- Lock supplies, then lots, each in the order of their ids.
CREATE OR REPLACE FUNCTION stock_lock(supplies uuid[], lots uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM stock_supply s WHERE s.id = ANY (supplies) ORDER BY s.id FOR NO KEY UPDATE;
    PERFORM 1 FROM stock_lot l WHERE l.id = ANY (lots) ORDER BY l.id FOR NO KEY UPDATE;
END
$$;

-- Lock what the reservations of some holders stand on, then these reservations themselves.
CREATE OR REPLACE FUNCTION stock_lock_holders(holders text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM stock_lock(array_agg(DISTINCT r.supply_id), array_agg(DISTINCT r.lot_id))
       FROM stock_reservation r WHERE r.holder = ANY (holders);
    PERFORM 1 FROM stock_reservation r WHERE r.holder = ANY (holders) ORDER BY r.id FOR NO KEY UPDATE;
END
$$;

-- What may still be drawn through one supply: what its pool has free of the grades that it takes, as much
-- as its blend can carry, and what its cap leaves.
CREATE OR REPLACE FUNCTION stock_left(supply uuid) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT greatest(0, least(
               p.free,
               CASE WHEN s.blend_percent > 0 THEN p.fine * 100 / s.blend_percent END,
               s.cap_amount - s.used))
      FROM stock_supply s
     CROSS JOIN LATERAL (
           SELECT coalesce(sum(l.on_hand - l.reserved), 0)::bigint AS free,
                  coalesce(sum(l.on_hand - l.reserved) FILTER (WHERE l.grade = ANY (s.blend_of)), 0)::bigint AS fine
             FROM stock_lot l
            WHERE l.pool_id = s.pool_id AND l.has_free
              AND (s.standard_id IS NULL OR l.standard_id = s.standard_id AND l.grade = ANY (s.takes))) p
     WHERE s.id = supply);
END
$$;

-- Refuse unless the locked supplies and lots can give these amounts: of its pool, of the grades that it
-- takes, blended as it says. They mostly can: that is one look, and only a refusal asks why.
CREATE OR REPLACE FUNCTION stock_require(supplies uuid[], lots uuid[], amounts bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    short jsonb;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM (SELECT w.supply, w.lot, sum(w.amount) OVER (PARTITION BY w.lot) AS of_lot,
                                         sum(w.amount) OVER (PARTITION BY w.supply) AS through_supply
                                    FROM unnest(supplies, lots, amounts) AS w (supply, lot, amount)) w
                     LEFT JOIN stock_supply s ON s.id = w.supply
                     LEFT JOIN stock_lot l ON l.id = w.lot AND l.pool_id = s.pool_id
                          AND (s.standard_id IS NULL
                               OR l.standard_id = s.standard_id AND l.grade = ANY (s.takes))
                    WHERE l.id IS NULL OR l.on_hand - l.reserved < w.of_lot OR l.blocked_by <> ''
                       OR s.used + w.through_supply > s.cap_amount
                       OR s.blend_percent > 0 AND s.blend_percent * w.through_supply > 100 * (
                          SELECT coalesce(sum(x.amount), 0) FROM unnest(supplies, lots, amounts)
                                 AS x (supply, lot, amount) JOIN stock_lot f ON f.id = x.lot
                           WHERE x.supply = s.id AND f.grade = ANY (s.blend_of))) THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(supplies, lots) AS w (supply, lot)
                 LEFT JOIN stock_supply s ON s.id = w.supply
                 LEFT JOIN stock_lot l ON l.id = w.lot AND l.pool_id = s.pool_id
                      AND (s.standard_id IS NULL
                           OR l.standard_id = s.standard_id AND l.grade = ANY (s.takes))
                WHERE l.id IS NULL) THEN
        RAISE EXCEPTION 'a lot does not feed this supply' USING ERRCODE = 'CF002';
    END IF;
    SELECT jsonb_agg(jsonb_build_object('supply', t.supply, 'left', t.remaining) ORDER BY t.supply)
      INTO short
      FROM (SELECT w.supply, stock_left(w.supply) AS remaining,
                   w.amount > s.cap_amount - s.used
                   OR w.amount > stock_left(w.supply)
                   OR sum(w.amount) OVER (PARTITION BY s.pool_id) >
                      (SELECT coalesce(sum(l.on_hand - l.reserved), 0) FROM stock_lot l
                        WHERE l.pool_id = s.pool_id AND l.has_free) AS lacking
              FROM (SELECT w.supply, sum(w.amount) AS amount
                      FROM unnest(supplies, amounts) AS w (supply, amount) GROUP BY w.supply) w
              JOIN stock_supply s ON s.id = w.supply) t
     WHERE t.lacking;
    IF short IS NULL THEN
        RAISE EXCEPTION 'a lot has less than was read' USING ERRCODE = 'CF002';
    END IF;
    RAISE EXCEPTION 'sold out' USING ERRCODE = 'CF001', DETAIL = short::text;
END
$$;

-- Hold amounts of lots through supplies, all or nothing. The same ids with the same content
-- again change nothing. `expires` NULL holds until released.
CREATE OR REPLACE FUNCTION stock_reserve(
    county text, ids uuid[], supplies uuid[], lots uuid[], amounts bigint[], holders text[],
    expires timestamptz, moment timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    known int;
    same int;
BEGIN
    PERFORM stock_lock(supplies, lots);
    SELECT count(*), count(*) FILTER (WHERE (r.supply_id, r.lot_id, r.amount, r.holder)
                                          = (w.supply, w.lot, w.amount, w.holder))
      INTO known, same
      FROM unnest(ids, supplies, lots, amounts, holders) AS w (id, supply, lot, amount, holder)
      JOIN stock_reservation r ON r.id = w.id;
    IF known > 0 THEN
        IF same = cardinality(ids) THEN
            RETURN;
        END IF;
        RAISE EXCEPTION 'these reservations were made before, with other content' USING ERRCODE = 'CF003';
    END IF;
    PERFORM stock_require(supplies, lots, amounts);
    INSERT INTO stock_reservation
           (id, county, supply_id, lot_id, amount, holder, state, held_at, expires_at, takes, taken_back)
    SELECT w.id, stock_reserve.county, w.supply, w.lot, w.amount, w.holder, 'held', moment, expires, 1, 0
      FROM unnest(ids, supplies, lots, amounts, holders) AS w (id, supply, lot, amount, holder);
    INSERT INTO stock_movement (id, county, lot_id, supply_id, reservation_id, kind, on_hand_delta,
                                reserved_delta, used_delta, source, reason, at)
    SELECT kernel_uuid7(), stock_reserve.county, w.lot, w.supply, w.id, 'reserve', 0, w.amount, w.amount,
           'reserve:' || w.id || '/1', '', moment
      FROM unnest(ids, supplies, lots, amounts) AS w (id, supply, lot, amount);
END
$$;

-- Append the movement of each reservation's whole amount.
CREATE OR REPLACE FUNCTION stock_move(movement_kind text, ids uuid[], why text, moment timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_movement (id, county, lot_id, supply_id, reservation_id, kind, on_hand_delta,
                                reserved_delta, used_delta, source, reason, at)
    SELECT kernel_uuid7(), r.county, r.lot_id, r.supply_id, r.id, movement_kind,
           CASE movement_kind WHEN 'dispatch' THEN -r.amount ELSE 0 END,
           CASE movement_kind WHEN 'reserve' THEN r.amount ELSE -r.amount END,
           CASE movement_kind WHEN 'reserve' THEN r.amount WHEN 'release' THEN -r.amount ELSE 0 END,
           movement_kind || ':' || r.id || '/' || r.takes, why, moment
      FROM stock_reservation r WHERE r.id = ANY (ids);
END
$$;

-- Give back what holders hold: how many reservations were released. What was released, expired
-- or dispatched before is left alone.
CREATE OR REPLACE FUNCTION stock_release(holders text[], why text, moment timestamptz)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    ids uuid[];
BEGIN
    PERFORM stock_lock_holders(holders);
    WITH released AS (
        UPDATE stock_reservation r SET state = 'released'
         WHERE r.holder = ANY (holders) AND r.state = 'held' RETURNING r.id)
    SELECT coalesce(array_agg(id), '{}') INTO ids FROM released;
    PERFORM stock_move('release', ids, why, moment);
    RETURN cardinality(ids);
END
$$;

-- Let what holders hold leave the house: how many reservations went now. Refuses (CF003) when
-- one of theirs was released or expired, or when they hold nothing at all.
CREATE OR REPLACE FUNCTION stock_dispatch(holders text[], moment timestamptz)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    ids uuid[];
BEGIN
    PERFORM stock_lock_holders(holders);
    IF EXISTS (SELECT 1 FROM unnest(holders) AS h (holder)
                WHERE NOT EXISTS (SELECT 1 FROM stock_reservation r WHERE r.holder = h.holder))
       OR EXISTS (SELECT 1 FROM stock_reservation r
                   WHERE r.holder = ANY (holders) AND r.state IN ('released', 'expired')) THEN
        RAISE EXCEPTION 'nothing is held for this any more' USING ERRCODE = 'CF003';
    END IF;
    IF EXISTS (SELECT 1 FROM stock_reservation r JOIN stock_lot l ON l.id = r.lot_id
                WHERE r.holder = ANY (holders) AND r.state = 'held' AND l.expected) THEN
        RAISE EXCEPTION 'its harvest was not weighed yet' USING ERRCODE = 'CF004';
    END IF;
    WITH gone AS (
        UPDATE stock_reservation r SET state = 'dispatched', expires_at = NULL
         WHERE r.holder = ANY (holders) AND r.state = 'held' RETURNING r.id)
    SELECT coalesce(array_agg(id), '{}') INTO ids FROM gone;
    PERFORM stock_move('dispatch', ids, '', moment);
    RETURN cardinality(ids);
END
$$;

-- Keep what holders hold until it is dispatched or released, because it was paid. Expired
-- reservations are taken again from the same lots, all or nothing: whose goods they are was
-- frozen when they were sold. Returns 'kept', 'retaken', or 'gone' (nothing was changed).
CREATE OR REPLACE FUNCTION stock_keep(holders text[], moment timestamptz)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    expired uuid[];
BEGIN
    PERFORM stock_lock_holders(holders);
    IF EXISTS (SELECT 1 FROM stock_reservation r WHERE r.holder = ANY (holders) AND r.state = 'released')
       OR EXISTS (SELECT 1 FROM unnest(holders) AS h (holder)
                   WHERE NOT EXISTS (SELECT 1 FROM stock_reservation r WHERE r.holder = h.holder)) THEN
        RETURN 'gone';
    END IF;
    SELECT coalesce(array_agg(r.id), '{}') INTO expired
      FROM stock_reservation r WHERE r.holder = ANY (holders) AND r.state = 'expired';
    IF cardinality(expired) > 0 THEN
        BEGIN
            PERFORM stock_require(array_agg(r.supply_id), array_agg(r.lot_id), array_agg(r.amount))
               FROM stock_reservation r WHERE r.id = ANY (expired);
        EXCEPTION WHEN SQLSTATE 'CF001' OR SQLSTATE 'CF002' THEN
            RETURN 'gone';
        END;
    END IF;
    UPDATE stock_reservation r
       SET state = 'held', expires_at = NULL, takes = r.takes + (r.state = 'expired')::int
     WHERE r.holder = ANY (holders) AND (r.state = 'expired' OR r.state = 'held' AND r.expires_at IS NOT NULL);
    PERFORM stock_move('reserve', expired, 'paid after it expired', moment);
    RETURN CASE cardinality(expired) WHEN 0 THEN 'kept' ELSE 'retaken' END;
END
$$;

-- Release reservations whose time is over, at most `batch`, and announce each holder once.
CREATE OR REPLACE FUNCTION stock_expire(moment timestamptz, batch int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    due uuid[];
    ids uuid[];
BEGIN
    SELECT array_agg(d.id) INTO due
      FROM (SELECT r.id FROM stock_reservation r WHERE r.state = 'held' AND r.expires_at <= moment
             ORDER BY r.expires_at LIMIT batch) d;
    PERFORM stock_lock(array_agg(DISTINCT r.supply_id), array_agg(DISTINCT r.lot_id))
       FROM stock_reservation r WHERE r.id = ANY (due);
    PERFORM 1 FROM stock_reservation r WHERE r.id = ANY (due) ORDER BY r.id FOR NO KEY UPDATE;
    WITH expired AS (
        UPDATE stock_reservation r SET state = 'expired'
         WHERE r.id = ANY (due) AND r.state = 'held' AND r.expires_at <= moment RETURNING r.id)
    SELECT coalesce(array_agg(id), '{}') INTO ids FROM expired;
    PERFORM stock_move('release', ids, 'not paid in time', moment);
    PERFORM kernel_announce('stock.reservation_expired', 1, h.county,
                            jsonb_build_object('holder', h.holder, 'reservations', h.reservations))
       FROM (SELECT r.county, r.holder, jsonb_agg(r.id ORDER BY r.id) AS reservations
               FROM stock_reservation r WHERE r.id = ANY (ids) GROUP BY r.county, r.holder ORDER BY r.holder) h;
    RETURN cardinality(ids);
END
$$;

-- Put back into their lots `amount` units that one holder had been sent, the last lot first.
-- `source` names the return: the same one again changes nothing. Returns what was put back now.
CREATE OR REPLACE FUNCTION stock_take_back(holder_key text, amount bigint, source text, why text, moment timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    before bigint;
    remaining bigint := amount;
    part bigint;
    one record;
BEGIN
    PERFORM stock_lock_holders(ARRAY[holder_key]);
    SELECT sum(m.on_hand_delta)::bigint INTO before
      FROM stock_movement m JOIN stock_reservation r ON m.source = 'take_back:' || stock_take_back.source || '/' || r.id
     WHERE r.holder = holder_key;
    IF before = amount THEN
        RETURN 0;
    ELSIF before IS NOT NULL THEN
        RAISE EXCEPTION 'this return was entered before, with another amount' USING ERRCODE = 'CF003';
    END IF;
    FOR one IN SELECT r.* FROM stock_reservation r JOIN stock_lot l ON l.id = r.lot_id
                WHERE r.holder = holder_key AND r.state = 'dispatched' AND r.taken_back < r.amount
                ORDER BY l.harvested_on DESC, r.id DESC LOOP
        part := least(remaining, one.amount - one.taken_back);
        EXIT WHEN part <= 0;
        UPDATE stock_reservation r SET taken_back = r.taken_back + part WHERE r.id = one.id;
        INSERT INTO stock_movement (id, county, lot_id, supply_id, reservation_id, kind, on_hand_delta,
                                    reserved_delta, used_delta, source, reason, at)
        VALUES (kernel_uuid7(), one.county, one.lot_id, one.supply_id, one.id, 'take_back', part, 0, -part,
                'take_back:' || stock_take_back.source || '/' || one.id, why, moment);
        remaining := remaining - part;
    END LOOP;
    IF remaining <> 0 THEN
        RAISE EXCEPTION 'more comes back than was sent' USING ERRCODE = 'CF003';
    END IF;
    RETURN amount;
END
$$;

-- Room on each page for the next version of a counter, so that counting does not touch indexes.
ALTER TABLE stock_supply SET (fillfactor = 60);
ALTER TABLE stock_lot SET (fillfactor = 80);
