// wrong: there are no timers
setTimeout(() => log.info("later"), 1000);
