-- Words like what was typed: spelt so, of the same sound, or with a neighbourhood in common; some of each.
-- The planner takes a long list of spellings to be in half of all words, and would read every one of them;
-- each part has an index of its own, and is kept to it.
CREATE OR REPLACE FUNCTION catalog_like(at text, words text[], sounds text[], near text[], most int)
RETURNS TABLE (word text, sound text) LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    (SELECT w.word, w.sound FROM catalog_word w WHERE w.county = at AND w.word = ANY (words))
    UNION
    (SELECT w.word, w.sound FROM catalog_word w WHERE w.county = at AND w.sound = ANY (sounds) LIMIT most)
    UNION
    (SELECT w.word, w.sound FROM catalog_word w WHERE w.near && catalog_like.near LIMIT most)
$$;
