select id, detector, title, time, confidence, lead, reasons from finding order by id
