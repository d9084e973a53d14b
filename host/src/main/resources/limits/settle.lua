-- Puts token buckets right, and counts a request at gates no more.
--
-- KEYS: the buckets, then the gates
-- ARGV: the host; the lease of what it says of gates; how many buckets there are; for each bucket, what
--   is taken further, or given back where it is negative, and the longest debt
local time = redis.call('TIME')
local now = (tonumber(time[1]) - 1767225600) * 1000000 + tonumber(time[2])
local host, lease, buckets = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

for i = 1, buckets do
  local at = 2 + 2 * i
  local change, most = tonumber(ARGV[at]), tonumber(ARGV[at + 1])
  local full = tonumber(redis.call('GET', KEYS[i]) or '0')
  local missing = math.min(math.max(full - now, 0), most)
  local after = math.min(math.max(missing + change, 0), most)
  if after == 0 then
    redis.call('DEL', KEYS[i])
  else
    redis.call('SET', KEYS[i], string.format('%.3f', now + after), 'PX',
      string.format('%.0f', math.ceil(after / 1000) + 1))
  end
end

for i = buckets + 1, #KEYS do
  local count = string.match(redis.call('HGET', KEYS[i], host) or '', '^(%d+) ')
  if count then
    if tonumber(count) <= 1 then
      redis.call('HDEL', KEYS[i], host)
    else
      redis.call('HSET', KEYS[i], host, string.format('%.0f %.0f', tonumber(count) - 1, now + lease))
      redis.call('PEXPIRE', KEYS[i], string.format('%.0f', lease / 1000))
    end
  end
end
return 1
