-- The two journals of the house: the log of changes, and the outbox.

-- One line in the log of changes. `image` false keeps only the key of a new row; values of
-- `private` columns are never written, only that they changed.
CREATE OR REPLACE FUNCTION kernel_record(
    room_table text, operation text, old_row jsonb, new_row jsonb, private text[], image boolean
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kept jsonb;
    key text := coalesce(new_row ->> 'id', old_row ->> 'id', new_row ->> 'order_id', old_row ->> 'order_id', '');
BEGIN
    IF operation = 'UPDATE' THEN
        SELECT jsonb_object_agg(n.key, CASE
                   WHEN n.key = ANY (private) THEN '["•", "•"]'::jsonb
                   ELSE jsonb_build_array(old_row -> n.key, n.value) END)
          INTO kept
          FROM jsonb_each(new_row) n
         WHERE n.value IS DISTINCT FROM old_row -> n.key;
        IF kept IS NULL THEN
            RETURN;
        END IF;
    ELSIF operation = 'INSERT' THEN
        kept := CASE WHEN image THEN (SELECT jsonb_object_agg(n.key, CASE WHEN n.key = ANY (private) THEN '"•"'::jsonb ELSE n.value END)
                                        FROM jsonb_each(jsonb_strip_nulls(new_row)) n)
                     ELSE '{}'::jsonb END;
    ELSE
        SELECT jsonb_object_agg(o.key, CASE WHEN o.key = ANY (private) THEN '"•"'::jsonb ELSE o.value END)
          INTO kept FROM jsonb_each(jsonb_strip_nulls(old_row)) o;
    END IF;
    INSERT INTO kernel_change (id, at, actor, transaction, operation, table_name, row_key, county, changes)
    VALUES (kernel_uuid7(), clock_timestamp(), kernel_actor(), pg_current_xact_id()::text::bigint,
            operation, room_table, key, coalesce(new_row ->> 'county', old_row ->> 'county', ''), kept);
END
$$;

-- One line for a new row whose values can be read back from it: the key alone, without looking at the row.
CREATE OR REPLACE FUNCTION kernel_record_new(room_table text, key text, of_county text)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO kernel_change (id, at, actor, transaction, operation, table_name, row_key, county, changes)
    VALUES (kernel_uuid7(), clock_timestamp(), kernel_actor(), pg_current_xact_id()::text::bigint,
            'INSERT', room_table, key, of_county, '{}');
END
$$;

-- One line for a whole statement over a reference table.
CREATE OR REPLACE FUNCTION kernel_record_bulk(room_table text, operation text, row_count bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF row_count = 0 THEN
        RETURN;
    END IF;
    INSERT INTO kernel_change (id, at, actor, transaction, operation, table_name, row_key, county, changes)
    VALUES (kernel_uuid7(), clock_timestamp(), kernel_actor(), pg_current_xact_id()::text::bigint,
            operation, room_table, '*', '', jsonb_build_object('rows', row_count));
END
$$;

-- Append an event to the outbox, in the transaction of the verb that made it true.
CREATE OR REPLACE FUNCTION kernel_announce(event_name text, event_version int, event_county text, event_payload jsonb)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO kernel_event (id, transaction, name, version, county, payload, actor, at)
    VALUES (kernel_uuid7(), pg_current_xact_id()::text::bigint, event_name, event_version, event_county,
            event_payload, kernel_actor(), clock_timestamp());
END
$$;
