-- Domains that mail came from: how many mails and mailboxes.
select
    substr(email_from, strpos(email_from, '@') + 1) as domain,
    count(*) as mails,
    count(distinct email_delivered_to) as mailboxes,
    min(time) as first,
    max(time) as last
from email
where email_from is not null
group by domain
order by mails desc, domain
