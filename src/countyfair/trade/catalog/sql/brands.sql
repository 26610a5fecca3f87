-- The day that it is in the counties.
CREATE OR REPLACE FUNCTION catalog_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (moment AT TIME ZONE 'Asia/Shanghai')::date
$$;

-- The mark of a brand that a shop may bear at `moment`: [brand, version, its names, digest, width and height of
-- its picture] as JSON; NULL for none, without a look at any table where there is no brand.
CREATE OR REPLACE FUNCTION catalog_mark(brand uuid, shop uuid, moment timestamptz) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT json_build_array(b.id, b.version, b.name_zh, b.name_en, b.digest, b.width, b.height)::text
      FROM catalog_brand b
     WHERE b.id = brand AND b.ended_at IS NULL
       AND EXISTS (SELECT 1 FROM catalog_brandlicence c
                    WHERE c.brand_id = b.id AND c.shop_id = shop AND c.withdrawn_at IS NULL
                      AND catalog_day(moment) BETWEEN c.since AND c.until)
$$;
