import { describe, expect, it } from '@jest/globals'
import { resolveNetwork } from './networks.ts'

const custom = (restUrl: string, streamUrl = 'ws://127.0.0.1:1') => ({ restUrl, streamUrl })

describe('where requests go', () => {
  it('knows the venue’s own networks', () => {
    expect(resolveNetwork('mainnet').restUrl).toBe('https://fapi.binance.com')
    expect(resolveNetwork('demo').restUrl).toBe('https://demo-fapi.binance.com')
  })

  it.each([
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['http://venue:8080', 'http://venue:8080'],
    ['https://demo-fapi.binance.com', 'https://demo-fapi.binance.com'],
    ['https://venue.example.org/base', 'https://venue.example.org/base'],
  ])('takes %s', (given, url) => {
    expect(resolveNetwork(custom(given)).restUrl).toBe(url)
  })

  it.each([
    ['not a url', 'expected a URL'],
    ['ftp://127.0.0.1', 'expected https:// or http://'],
    ['http://venue.example.org', 'keys do not cross a network unencrypted'],
    ['http://10.0.0.7:8080', 'keys do not cross a network unencrypted'],
    ['https://fapi.binance.com', 'network mainnet or demo'],
    ['https://dapi.binance.com', 'network mainnet or demo'],
    ['https://FAPI.Binance.com./', 'network mainnet or demo'],
    ['https://x.demo-fapi.binance.com', 'network mainnet or demo'],
    ['https://user:pass@127.0.0.1', 'scheme, host, port and path alone'],
    ['http://127.0.0.1:8080/?a=1', 'scheme, host, port and path alone'],
  ])('refuses %s', (given, words) => {
    expect(() => resolveNetwork(custom(given))).toThrow(words)
  })

  it('looks at the stream’s URL as well', () => {
    expect(() => resolveNetwork(custom('http://127.0.0.1', 'http://127.0.0.1'))).toThrow(
      'stream URL http://127.0.0.1: expected wss:// or ws://',
    )
  })
})
