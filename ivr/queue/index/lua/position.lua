-- KEYS: built, places. ARGV: call. Gives nothing where the index is empty; else how many stand before the call, or -1
-- for a call that does not wait.
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
return redis.call('ZRANK', KEYS[2], ARGV[1]) or -1
