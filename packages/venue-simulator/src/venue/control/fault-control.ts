import { z } from 'zod'
import { FaultEngine, checkFaultPlan, parsePlannedFault, presetPlan } from '../../faults/index.ts'
import { readBody } from './control-body.ts'
import { malformed, notFound } from './control-error.ts'
import type { ControlCall, ControlRoute } from './control-route.ts'

const Anything = z.unknown()
const Preset = z.strictObject({ preset: z.string(), seed: z.int().min(0).default(1) })

const describe = ({ venue }: ControlCall): object => ({
  standing: venue.faults.standing(),
  injected: venue.faults.injected(),
})

const add = ({ venue, request }: ControlCall): object => ({
  id: venue.faults.add(parsePlannedFault(readBody(request, Anything), 'the body'), venue.time),
})

/** Everything that stood goes; the plan's times count from now. */
const replace = (call: ControlCall): object => {
  const body = readBody(call.request, Anything)
  const preset = Preset.safeParse(body)
  const plan = preset.success
    ? presetPlan(preset.data.preset, preset.data.seed)
    : checkFaultPlan(body, 'the body')
  call.venue.faults.clear()
  for (const planned of plan.faults) call.venue.faults.add(planned, call.venue.time)
  return describe(call)
}

const remove = ({ venue, named }: ControlCall): object => {
  const id = named['id'] ?? ''
  if (!venue.faults.remove(Number(id)))
    throw notFound(`fault ${id}: does not stand; GET /sim/v1/faults lists those that do`)
  return { id: Number(id) }
}

const clear = (call: ControlCall): object => {
  call.venue.faults.clear()
  return describe(call)
}

/** A move of the fault plan, now: what it could not do is told, not thrown. */
const makeMove = ({ venue, request, serial }: ControlCall): object => {
  const planned = parsePlannedFault(
    { fault: readBody(request, Anything), when: { kind: 'at', times_ms: [0] } },
    'the body',
  )
  const once = new FaultEngine({ name: 'control', seed: serial, faults: [planned] }, venue.time)
  const moves = once.movesDue(venue.time)
  if (moves.length === 0)
    throw malformed(
      `kind: ${planned.fault.kind} does not happen by itself; POST /sim/v1/faults schedules it`,
    )
  const results = moves.flatMap((move) => venue.move(move))
  return {
    done: results.filter(({ ok }) => ok).length,
    refused: results.flatMap((result) =>
      result.ok ? [] : [{ refusal: result.refusal, detail: result.detail }],
    ),
  }
}

/** What goes wrong, and what happens without anybody's asking. Fields: those of fault plans. */
export const FAULT_CONTROL: readonly ControlRoute[] = [
  { method: 'GET', path: '/faults', answer: describe },
  { method: 'POST', path: '/faults', answer: add },
  { method: 'PUT', path: '/faults', answer: replace },
  { method: 'DELETE', path: '/faults', answer: clear },
  { method: 'DELETE', path: '/faults/{id}', answer: remove },
  { method: 'POST', path: '/moves', answer: makeMove },
]
