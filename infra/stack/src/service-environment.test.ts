import { describe, expect, it } from '@jest/globals'
import { SERVICES } from '@tapedeck/contracts'
import { assignPorts } from './service-environment.ts'

describe('the ports of the services', () => {
  it('follow the gateway, which has the first', async () => {
    const ports = await assignPorts(8080)
    expect(ports.gateway).toBe(8080)
    expect(Object.values(ports).toSorted((a, b) => a - b)).toEqual(
      SERVICES.map((_service, index) => 8080 + index),
    )
  })

  it('are nine different ones when free ports are taken and one is picked twice', async () => {
    const picks = [20_001, 20_001, 20_002, 20_001]
    let next = 20_003
    const ports = await assignPorts(0, async () => await Promise.resolve(picks.shift() ?? next++))
    expect(new Set(Object.values(ports)).size).toBe(SERVICES.length)
  })
})
