-- Refuse (CF002) unless every offer can be bought at `moment` on the terms of the version that was
-- read. `offers` and `versions` go together; the same offer may stand in several lines.
CREATE OR REPLACE FUNCTION catalog_require(offers uuid[], versions int[], moment timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM unnest(offers, versions) AS w (offer, version)
                 LEFT JOIN catalog_offer o ON o.id = w.offer AND o.version = w.version AND o.state = 'on'
                      AND (o.opens_at IS NULL OR o.opens_at <= moment)
                      AND (o.closes_at IS NULL OR o.closes_at > moment)
                WHERE o.id IS NULL) THEN
        RAISE EXCEPTION 'an offer changed after it was read' USING ERRCODE = 'CF002';
    END IF;
END
$$;
