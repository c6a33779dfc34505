-- Nobody looks for a timer by its subject.
DROP INDEX IF EXISTS timers_by_subject;
