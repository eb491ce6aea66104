/** A Node process that does nothing: what any service weighs at least. */
process.send?.(process.memoryUsage.rss())
process.disconnect()
