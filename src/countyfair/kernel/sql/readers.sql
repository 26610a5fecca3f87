-- What readers of the outbox have still to hear.

-- The payloads of events that a handler has not heard yet. A handler's place moves in the transaction
-- in which it writes, so a statement that asks sees both the place and all that was done up to it.
CREATE OR REPLACE FUNCTION kernel_unheard(reader text, names text[]) RETURNS SETOF jsonb LANGUAGE sql STABLE AS $$
    SELECT e.payload FROM kernel_event e LEFT JOIN kernel_reader r ON r.handler = reader
     WHERE e.name = ANY (names)
       AND (e.transaction, e.sequence) > (coalesce(r.transaction, 0), coalesce(r.sequence, 0))
$$;
