-- Needs front.lua before it. KEYS: news, places, line-of. ARGV: how the keys of lines and fronts begin, call, priority,
-- line, 1 while searching.
redis.call('INCR', KEYS[1])
local lines, fronts, name, line = ARGV[1], ARGV[2], ARGV[3], ARGV[5]
redis.call('ZADD', KEYS[2], ARGV[4], name)
local before = redis.call('HGET', KEYS[3], name)
if before and before ~= line then
  redis.call('ZREM', lines .. before, name)
  front(lines, fronts, before)
end
redis.call('HSET', KEYS[3], name, line)
if ARGV[6] == '1' then redis.call('ZADD', lines .. line, ARGV[4], name) else redis.call('ZREM', lines .. line, name) end
front(lines, fronts, line)
