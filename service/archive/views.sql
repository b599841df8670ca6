-- Views and questions for DuckDB 1.2 or later over the current snapshot of an archive.
--
--   duckdb -init quotes/_views.sql             the copy in OUTPUT knows its own place
--   set variable archive = 's3://news/quotes'; another place: then read this file
--
-- The files come from _manifest.json, so all tables are of one snapshot. Read this file again to see the next one.

set variable manifest = getvariable('archive') || '/_manifest.json';
set variable article_files = (
    select list(getvariable('archive') || '/' || file.path)
    from (select unnest(tables.articles) as file from read_json(getvariable('manifest')))
);
set variable quote_files = (
    select list(getvariable('archive') || '/' || file.path)
    from (select unnest(tables.quotes) as file from read_json(getvariable('manifest')))
);
set variable speaker_files = (
    select list(getvariable('archive') || '/' || file.path)
    from (select unnest(tables.speakers) as file from read_json(getvariable('manifest')))
);

-- Articles, with the columns of INPUT that newsrooms have most often; others are in `extra`.
create or replace temp view articles as
select *, extra ->> '$.outlet' as outlet, extra ->> '$.section' as section_name, extra ->> '$.author' as author
from read_parquet(getvariable('article_files'), hive_partitioning = true);

-- Quotes, each with what is known of its article.
create or replace temp view quotes as
select
    quote.*, article.title, article.url, article.byline, article.source, article.outlet, article.section_name,
    article.author
from read_parquet(getvariable('quote_files'), hive_partitioning = true) as quote join articles as article using (article);

create or replace temp view speakers as select * from read_parquet(getvariable('speaker_files'));

-- 1. Who is quoted most? People by the number of articles that quote them directly.
create or replace temp view most_quoted as
select speaker_name, count(distinct article) as articles, count(*) as quotes
from quotes where speaker_kind = 'person' and kind in ('direct', 'mixed')
group by speaker_name order by articles desc, quotes desc, speaker_name;

-- 2. What has somebody said? from said_by('Ruth Alder')
create or replace temp macro said_by(name) as table
select published_on, outlet, title, kind, text, sentence_text, source, id, confidence
from quotes where speaker_name = name order by published_on, source, id;

-- 3. Who has spoken about something? from said_about('bridge')
create or replace temp macro said_about(words) as table
select published_on, speaker_name, text, sentence_text, outlet, source, id
from quotes where contains(lower(text), lower(words)) order by published_on, source, id;

-- 4. Who said these words first? from first_said('lost a winter')
create or replace temp macro first_said(words) as table
select published_on, speaker_name, text, outlet, source
from quotes where contains(lower(text), lower(words)) and published_on is not null
order by published_on, source limit 1;

-- 5. Which quotes are in several articles, such as copies of a wire story?
create or replace temp view copies as
select
    quote_hash, any_value(text) as text, count(distinct article) as articles, list(distinct outlet) as outlets,
    min(published_on) as first_on, count(distinct speaker_name) as speaker_names
from quotes group by quote_hash having count(distinct article) > 1 order by articles desc, quote_hash;

-- 6. How often is somebody quoted, month by month? from by_month('Ruth Alder')
create or replace temp macro by_month(name) as table
select date_trunc('month', published_on)::date as month, count(distinct article) as articles, count(*) as quotes
from quotes where speaker_name = name and published_on is not null group by month order by month;

-- 7. Which outlets quote somebody? from outlets_of('Ruth Alder')
create or replace temp macro outlets_of(name) as table
select outlet, count(distinct article) as articles, count(*) as quotes, max(published_on) as last_on
from quotes where speaker_name = name group by outlet order by articles desc, outlet;

-- 8. How many quotes have no speaker, outlet by outlet?
create or replace temp view unattributed as
select outlet, count(*) as quotes, count(*) filter (speaker is null) as unattributed,
    round(100.0 * count(*) filter (speaker is null) / count(*), 1) as percent
from quotes group by outlet order by percent desc, outlet;

-- 9. Who has been quoted for the first time since a day? from new_voices(date '2024-05-01')
create or replace temp macro new_voices(since) as table
select * from (
    select speaker_name, min(published_on) as first_on, count(distinct article) as articles
    from quotes where speaker_kind = 'person' and published_on is not null group by speaker_name
) where first_on >= since order by first_on, speaker_name;

-- 10. How many voices does each section have, and how much of it do the three most quoted people have?
create or replace temp view voices_by_section as
with counted as (
    select section_name, speaker_name, count(*) as quotes,
        row_number() over (partition by section_name order by count(*) desc, speaker_name) as place
    from quotes where speaker_kind = 'person' group by section_name, speaker_name
)
select section_name, count(*) as voices, sum(quotes)::bigint as quotes,
    round(100.0 * sum(quotes) filter (place <= 3) / sum(quotes), 1) as percent_of_top_three
from counted group by section_name order by voices desc, section_name;

-- 11. Who is quoted in the same articles as somebody? from quoted_with('Ruth Alder')
create or replace temp macro quoted_with(name) as table
select other.speaker_name, count(distinct other.article) as articles
from quotes as one join quotes as other using (article)
where one.speaker_name = name and other.speaker_name <> name group by other.speaker_name
order by articles desc, other.speaker_name;

-- 12. Which articles were refused, and why?
create or replace temp view refused as select article, source, refused as reason from articles where refused is not null;
