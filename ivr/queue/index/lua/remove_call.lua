-- Needs front.lua before it. KEYS: news, places, line-of. ARGV: how the keys of lines and fronts begin, call.
redis.call('INCR', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[3])
local line = redis.call('HGET', KEYS[3], ARGV[3])
if line then
  redis.call('HDEL', KEYS[3], ARGV[3])
  redis.call('ZREM', ARGV[1] .. line, ARGV[3])
  front(ARGV[1], ARGV[2], line)
end
