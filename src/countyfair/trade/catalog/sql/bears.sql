-- What products bear at `moment` that lists can be narrowed to; none is answered for one that bears nothing. 'c' and
-- the kind of each certificate that holds, 'b' and each brand whose mark an offer of the shop bears, 'g' and
-- each grade that all of such an offer is of, or better; off-grade is none. As `rules.facets.borne`.
CREATE OR REPLACE FUNCTION catalog_borne(products uuid[], moment timestamptz)
RETURNS TABLE (product uuid, bears text[]) LANGUAGE sql STABLE AS $$
    WITH up AS MATERIALIZED (
        SELECT o.product_id, o.brand_id, o.least_grade FROM catalog_offer o
         WHERE o.product_id = ANY (products) AND o.state = 'on' AND o.outlet = 'shop'
           AND (o.brand_id IS NOT NULL OR o.least_grade <> ''))
    SELECT t.product_id, array_agg(DISTINCT t.tag ORDER BY t.tag)
      FROM (SELECT c.product_id, 'c' || c.kind AS tag FROM catalog_certificate c
             WHERE c.product_id = ANY (products) AND c.withdrawn_at IS NULL
               AND catalog_day(moment) BETWEEN c.since AND c.until
            UNION ALL
            SELECT u.product_id, 'b' || u.brand_id FROM up u JOIN catalog_product d ON d.id = u.product_id
             WHERE catalog_mark(u.brand_id, d.shop_id, moment) IS NOT NULL
            UNION ALL
            SELECT u.product_id, 'g' || g.grade
              FROM up u, unnest('{special,first,second,third}'::text[]) WITH ORDINALITY AS g (grade, place)
             WHERE g.place >= array_position('{special,first,second,third}'::text[], u.least_grade::text)) t
     GROUP BY t.product_id
$$;

-- Note on products what they bear at `moment`; answers the counties in which some bear otherwise than was noted.
CREATE OR REPLACE FUNCTION catalog_bear(products uuid[], moment timestamptz)
RETURNS TABLE (county text) LANGUAGE sql AS $$
    WITH noted AS (
        UPDATE catalog_product d SET bears = n.bears
          FROM (SELECT w.id, coalesce(b.bears, '{}') AS bears
                  FROM unnest(products) AS w (id)
                  LEFT JOIN catalog_borne(products, moment) b ON b.product = w.id) n
         WHERE d.id = n.id AND d.bears <> n.bears
        RETURNING d.county)
    SELECT DISTINCT n.county::text FROM noted n
$$;

-- The same for all that may bear otherwise since some days before `moment`, because a certificate or a licence
-- began or ended by its days.
CREATE OR REPLACE FUNCTION catalog_turn(days int, moment timestamptz)
RETURNS TABLE (county text) LANGUAGE plpgsql AS $$
DECLARE
    to_day CONSTANT date := catalog_day(moment);
    about uuid[] := ARRAY(
        SELECT c.product_id FROM catalog_certificate c
         WHERE c.withdrawn_at IS NULL
           AND (c.since BETWEEN to_day - days AND to_day OR c.until BETWEEN to_day - days AND to_day - 1)
        UNION
        SELECT o.product_id FROM catalog_brandlicence c
          JOIN catalog_product d ON d.shop_id = c.shop_id
          JOIN catalog_offer o ON o.product_id = d.id AND o.brand_id = c.brand_id
         WHERE c.withdrawn_at IS NULL
           AND (c.since BETWEEN to_day - days AND to_day OR c.until BETWEEN to_day - days AND to_day - 1)
        ORDER BY 1);
BEGIN
    RETURN QUERY SELECT b.county FROM catalog_bear(about, moment) b;
END
$$;

-- Count what is on a county's shelf and bears something anew: by row alone (`whole`), and by all that lists can be
-- narrowed to.
CREATE OR REPLACE FUNCTION catalog_count_borne(at text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM catalog_bearing WHERE county = at;
    INSERT INTO catalog_bearing (id, county, whole, bears, category, township, months, band, products)
    SELECT kernel_uuid7(), at, grouping(d.township) = 1, d.bears, d.category, coalesce(d.township, ''),
           coalesce(d.months, '{}'), coalesce(d.band, 0), count(*)
      FROM (SELECT bears, category, CASE WHEN length(place) >= 9 THEN left(place, 9) ELSE '' END AS township,
                   CASE season_months WHEN '{}' THEN '{1,2,3,4,5,6,7,8,9,10,11,12}' ELSE season_months END
                   AS months, coalesce(catalog_band(kilo_fen), 0) AS band
              FROM catalog_product WHERE county = at AND listed_at IS NOT NULL AND bears <> '{}') d
     GROUP BY GROUPING SETS ((d.bears, d.category), (d.bears, d.category, d.township, d.months, d.band));
END
$$;
