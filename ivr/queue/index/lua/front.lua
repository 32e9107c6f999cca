-- Files a line under its skill by the priority of its first call, or takes an empty line out.
local function front(lines, fronts, line)
  local first = redis.call('ZRANGE', lines .. line, 0, 0, 'WITHSCORES')
  local skill = string.match(line, '^[^/]*')
  if first[1] then
    redis.call('ZADD', fronts .. skill, first[2], line)
  else
    redis.call('ZREM', fronts .. skill, line)
  end
end
