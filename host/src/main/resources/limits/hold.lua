-- Says how many requests a host has at gates, and that it is still there.
--
-- KEYS: the gates
-- ARGV: the host; the lease of what it says; how many requests it has at each gate
local time = redis.call('TIME')
local now = (tonumber(time[1]) - 1767225600) * 1000000 + tonumber(time[2])
local lease = tonumber(ARGV[2])

for i = 1, #KEYS do
  redis.call('HSET', KEYS[i], ARGV[1], string.format('%.0f %.0f', tonumber(ARGV[2 + i]), now + lease))
  redis.call('PEXPIRE', KEYS[i], string.format('%.0f', lease / 1000))
end
return 1
