-- KEYS: news, built, versions, claims, the cells. ARGV: mark, agent, version, and the scores in the cells of an idle
-- agent, none for one who is not. An index that is not of this mark is not changed: it will be rebuilt.
redis.call('INCR', KEYS[1])
redis.call('ZREM', KEYS[4], ARGV[2])
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
local known = redis.call('HGET', KEYS[3], ARGV[2])
if known and tonumber(known) > tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[3], ARGV[2], ARGV[3])
for cell = 5, #KEYS do
  if ARGV[cell - 1] then
    redis.call('ZADD', KEYS[cell], ARGV[cell - 1], ARGV[2])
  else
    redis.call('ZREM', KEYS[cell], ARGV[2])
  end
end
return 1
