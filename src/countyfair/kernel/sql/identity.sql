-- What column defaults and every room's SQL may call: ids and the actor.

-- A version 7 UUID (RFC 9562): 48 bits of milliseconds over a random version 4 UUID.
CREATE OR REPLACE FUNCTION kernel_uuid7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                    PLACING substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                    FROM 1 FOR 6),
            52, 1), 53, 1), 'hex')::uuid
$$;

-- Who acts in this transaction; a connection that named nobody shows as the database's own user.
CREATE OR REPLACE FUNCTION kernel_actor() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('countyfair.actor', true), ''), 'database:' || session_user)
$$;
