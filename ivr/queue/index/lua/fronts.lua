-- KEYS: built, the fronts of each skill. ARGV: mark. Gives nothing where the index is not of this mark; else each
-- line, followed by the priority of the first call in it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
local found = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
for key = 3, #KEYS do
  for _, one in ipairs(redis.call('ZRANGE', KEYS[key], 0, -1, 'WITHSCORES')) do found[#found + 1] = one end
end
return found
