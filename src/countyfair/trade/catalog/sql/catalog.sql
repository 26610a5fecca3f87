-- Refuse (CF002) unless every offer can be bought at `moment` on the terms of the version that was
-- read. `offers` and `versions` go together; the same offer may stand in several lines. Answers which of
-- them bear a mark, {offer: [brand, its version]}, NULL for none; a licence that is being withdrawn is
-- waited for, and one that was counted on stays until this transaction is over.
CREATE OR REPLACE FUNCTION catalog_require(offers uuid[], versions int[], moment timestamptz)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    can_be_had boolean;
    branded uuid[];
BEGIN
    SELECT bool_and(o.id IS NOT NULL), array_agg(o.id) FILTER (WHERE o.brand_id IS NOT NULL)
      INTO can_be_had, branded
      FROM unnest(offers, versions) AS w (offer, version)
      LEFT JOIN catalog_offer o ON o.id = w.offer AND o.version = w.version AND o.state = 'on'
           AND (o.opens_at IS NULL OR o.opens_at <= moment)
           AND (o.closes_at IS NULL OR o.closes_at > moment);
    IF NOT can_be_had THEN
        RAISE EXCEPTION 'an offer changed after it was read' USING ERRCODE = 'CF002';
    END IF;
    IF branded IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM catalog_brand b
      WHERE b.id IN (SELECT o.brand_id FROM catalog_offer o WHERE o.id = ANY (branded)) ORDER BY b.id FOR SHARE;
    PERFORM 1 FROM catalog_brandlicence c
      WHERE (c.brand_id, c.shop_id) IN (SELECT o.brand_id, d.shop_id FROM catalog_offer o
                                          JOIN catalog_product d ON d.id = o.product_id
                                         WHERE o.id = ANY (branded))
        AND c.until >= catalog_day(moment) ORDER BY c.id FOR SHARE;
    RETURN (SELECT jsonb_object_agg(o.id, m.mark::jsonb) FROM catalog_offer o
              JOIN catalog_product d ON d.id = o.product_id,
                   catalog_mark(o.brand_id, d.shop_id, moment) AS m (mark)
             WHERE o.id = ANY (branded) AND m.mark IS NOT NULL);
END
$$;
