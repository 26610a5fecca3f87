-- The order in which products came onto the shelf. One line for all counties: nobody waits for it.
CREATE SEQUENCE IF NOT EXISTS catalog_shelf_no;

-- Set when a product's newest offer in the shop was put up, or that nothing of it is on sale there, and what
-- a kilogram costs in the cheapest of them, which is the one that lists show. What comes onto the shelf, or
-- has a newer offer, takes the next shelf number.
CREATE OR REPLACE FUNCTION catalog_list(products uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_product d
       SET listed_at = n.listed_at,
           kilo_fen = n.kilo_fen,
           shelf_no = CASE WHEN n.listed_at IS NULL THEN NULL
                           WHEN n.listed_at <= d.listed_at THEN d.shelf_no
                           ELSE nextval('catalog_shelf_no') END
      FROM (SELECT w.id, max(o.put_up_at) AS listed_at,
                   (array_agg(CASE p.unit WHEN 'g' THEN (o.price_fen * 2000 + k.content_amount)
                                                        / (2 * k.content_amount) END
                              ORDER BY o.price_fen, o.id))[1] AS kilo_fen
              FROM unnest(products) AS w (id)
              JOIN catalog_product p ON p.id = w.id
              LEFT JOIN catalog_offer o ON o.product_id = p.id AND o.state = 'on' AND o.outlet = 'shop'
                                       AND p.withdrawn_at IS NULL
              LEFT JOIN catalog_pack k ON k.id = o.pack_id
             GROUP BY w.id) n
     WHERE d.id = n.id AND (d.listed_at, d.kilo_fen) IS DISTINCT FROM (n.listed_at, n.kilo_fen);
END
$$;

-- The band of a kilogram's price, from 1 up; null for what is sold by the piece. As `rules.facets.EDGES`.
CREATE OR REPLACE FUNCTION catalog_band(kilo_fen bigint) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT width_bucket(kilo_fen, ARRAY[1000, 3000, 6000, 12000]::bigint[]) + 1
$$;

-- What a search can be narrowed to besides its row: township and village, months, the band of its price, and
-- what it bears (`catalog_borne`). It calls nothing of ours: where the server keeps its indexes it looks for functions among its own only.
CREATE OR REPLACE FUNCTION catalog_tags(county text, place text, months smallint[], band int,
                                        bears text[] DEFAULT '{}')
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY(SELECT county || ':' || t.tag
                   FROM (SELECT 'p' || left(place, 9) AS tag WHERE length(place) >= 9
                         UNION ALL SELECT 'p' || place WHERE length(place) = 12
                         UNION ALL SELECT 'm' || m.month
                           FROM unnest(CASE months WHEN '{}' THEN '{1,2,3,4,5,6,7,8,9,10,11,12}' ELSE months END)
                                AS m (month)
                         UNION ALL SELECT 'k' || band WHERE band IS NOT NULL
                         UNION ALL SELECT b.tag FROM unnest(bears) AS b (tag)) t)
$$;

-- Count what is on a county's shelf anew, by all that lists can be narrowed to.
CREATE OR REPLACE FUNCTION catalog_count(at text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM catalog_tally WHERE county = at;
    INSERT INTO catalog_tally (id, county, category, township, months, band, products)
    SELECT kernel_uuid7(), at, d.category, d.township, d.months, d.band, count(*)
      FROM (SELECT category, CASE WHEN length(place) >= 9 THEN left(place, 9) ELSE '' END AS township,
                   CASE season_months WHEN '{}' THEN '{1,2,3,4,5,6,7,8,9,10,11,12}' ELSE season_months END
                   AS months, coalesce(catalog_band(kilo_fen), 0) AS band
              FROM catalog_product WHERE county = at AND listed_at IS NOT NULL) d
     GROUP BY d.category, d.township, d.months, d.band;
END
$$;

-- The parts of the shelf that a product stands in: the whole shelf of its county, that of its row
-- there, and of both the stretches of 2^6, 2^8 … 2^30 shelf numbers it lies in. Beside the search terms
-- in one index they let a search read one stretch of a shelf, and no more.
CREATE OR REPLACE FUNCTION catalog_stretches(county text, category text, shelf_no bigint) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN shelf_no IS NULL THEN '{}' ELSE ARRAY(
        SELECT scope || stretch
          FROM unnest(ARRAY[county, county || '/' || category]) AS s (scope),
               unnest(ARRAY[''] || ARRAY(SELECT '|' || bits || ':' || (shelf_no >> bits)
                                        FROM generate_series(6, 30, 2) AS g (bits))) AS t (stretch)) END
$$;

-- At most `most` products of some stretches that have the terms: those first that have the terms `ahead`,
-- among each the newest first. Which of them, when there are more, is not told. Only the index of
-- terms, stretches and tags is read for it, never the shelf in its order.
CREATE OR REPLACE FUNCTION catalog_hits(stretches text[], terms tsquery, ahead tsquery, tags text[],
                                        below bigint, without uuid[], most int)
RETURNS uuid[] LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF tags <> '{}' THEN
        RETURN ARRAY(
            SELECT h.id FROM (
                SELECT d.id, d.shelf_no, d.search_terms FROM catalog_product d
                 WHERE catalog_stretches(d.county, d.category, d.shelf_no) && stretches
                   AND d.search_terms @@ terms
                   AND catalog_tags(d.county, d.place, d.season_months, catalog_band(d.kilo_fen), d.bears) @> tags
                   AND d.shelf_no + 0 < below AND d.id <> ALL (without)
                 LIMIT most) h
             ORDER BY h.search_terms @@ ahead DESC, h.shelf_no DESC);
    END IF;
    RETURN ARRAY(
        SELECT h.id FROM (
            SELECT d.id, d.shelf_no, d.search_terms FROM catalog_product d
             WHERE catalog_stretches(d.county, d.category, d.shelf_no) && stretches
               AND d.search_terms @@ terms AND d.shelf_no + 0 < below AND d.id <> ALL (without)
             LIMIT most) h
         ORDER BY h.search_terms @@ ahead DESC, h.shelf_no DESC);
END
$$;

-- The two neighbouring stretches of a shelf that end with the number before `below`.
CREATE OR REPLACE FUNCTION catalog_next(scope text, bits int, below bigint) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[scope || '|' || bits || ':' || ((below - 1) >> bits),
                 scope || '|' || bits || ':' || ((below - 1) >> bits) - 1]
$$;

-- The newest `most` products of a shelf that have the terms, from the number before `below` down.
--
-- It reads a stretch at a time: a shorter one where more match than `bound`, which is more than the
-- shortest holds, and a longer one where fewer than wanted do. So what it reads does not grow with the
-- number of those that match, nor with the shelf. `hits` are those of the first stretch, if read already.
CREATE OR REPLACE FUNCTION catalog_newest(scope text, terms tsquery, tags text[], below bigint, bits int,
                                          without uuid[], most int, bound int, hits uuid[])
RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    found uuid[] := '{}';
BEGIN
    LOOP
        hits := coalesce(hits, catalog_hits(catalog_next(scope, bits, below), terms, terms, tags, below,
                                            without, bound + 1));
        IF cardinality(hits) > bound THEN
            bits := bits - 2;
        ELSE
            found := found || hits;
            below := (((below - 1) >> bits) - 1) << bits;
            EXIT WHEN cardinality(found) >= most OR below <= 0;
            bits := least(bits + 2, 30);
        END IF;
        hits := NULL;
    END LOOP;
    RETURN found[:most];
END
$$;

-- What a buyer means and bears all of the tags, the best first: what is called just so, then what has every term in its names, then
-- what has some of them in its category, place or shop; among each, the newest first.
CREATE OR REPLACE FUNCTION catalog_search(at text, in_row text, plain text, in_names tsquery,
                                          anywhere tsquery, tags text[], most int)
RETURNS TABLE (product uuid, place_found bigint) LANGUAGE plpgsql STABLE ROWS 48 AS $$
DECLARE
    bound CONSTANT int := greatest(240, most);
    scope CONSTANT text := at || CASE in_row WHEN '' THEN '' ELSE '/' || in_row END;
    below bigint := (SELECT p.shelf_no + 1 FROM catalog_product p
                      WHERE p.county = at AND p.shelf_no IS NOT NULL ORDER BY p.shelf_no DESC LIMIT 1);
    deep bigint := (SELECT p.shelf_no FROM catalog_product p
                     WHERE p.county = at AND p.shelf_no IS NOT NULL
                     ORDER BY p.shelf_no DESC OFFSET bound LIMIT 1);
    bits int := 6;
    found uuid[];
    hits uuid[];
    few uuid[];
BEGIN
    IF in_row = '' THEN
        found := ARRAY(SELECT p.id FROM catalog_product p
                        WHERE p.county = at AND p.name_zh = plain AND p.shelf_no IS NOT NULL
                          AND catalog_tags(p.county, p.place, p.season_months, catalog_band(p.kilo_fen), p.bears) @> tags
                        ORDER BY p.shelf_no DESC LIMIT most);
    ELSE
        found := ARRAY(SELECT p.id FROM catalog_product p
                        WHERE p.county = at AND p.category = in_row AND p.name_zh = plain
                          AND p.shelf_no IS NOT NULL
                          AND catalog_tags(p.county, p.place, p.season_months, catalog_band(p.kilo_fen), p.bears) @> tags
                        ORDER BY p.shelf_no DESC LIMIT most);
    END IF;
    WHILE 1::bigint << bits < below - deep AND bits < 30 LOOP
        bits := bits + 2;
    END LOOP;
    IF deep IS NOT NULL THEN
        hits := catalog_hits(catalog_next(scope, bits, below), in_names, in_names, tags, below, found,
                             bound + 1);
    END IF;
    -- Where hardly any match, or all of the shelf is short, all that match are read at once.
    IF deep IS NULL OR cardinality(hits) < 6 AND cardinality(
        catalog_hits(catalog_next(scope, bits, below), anywhere, anywhere, tags, below, found,
                     6)) < 6 THEN
        few := catalog_hits(ARRAY[scope], anywhere, in_names, tags, below, found, bound + 1);
        IF cardinality(few) <= bound THEN
            RETURN QUERY SELECT f.id, f.place
                           FROM unnest((found || few)[:most]) WITH ORDINALITY AS f (id, place);
            RETURN;
        END IF;
    END IF;
    IF cardinality(found) < most THEN
        found := found || catalog_newest(scope, in_names, tags, below, bits, found,
                                         most - cardinality(found), bound, hits);
    END IF;
    IF cardinality(found) < most THEN
        found := found || catalog_newest(scope, anywhere, tags, below, bits, found,
                                         most - cardinality(found), bound, NULL);
    END IF;
    RETURN QUERY SELECT f.id, f.place FROM unnest(found) WITH ORDINALITY AS f (id, place);
END
$$;
