-- Nobody looks for a timer by its subject.
DROP INDEX timers_by_subject ON timers;
