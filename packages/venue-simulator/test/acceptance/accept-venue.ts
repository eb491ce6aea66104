import { afterEach, describe, it } from '@jest/globals'
import { ACCEPTANCE_CASES } from './acceptance-cases.ts'
import type { VenueStage } from './venue-stage.ts'

/**
 * Whether a venue behaves as everything above the port relies on: every case on a stage of its own. A stage
 * without a wire leaves out those that are about one.
 */
export const acceptVenue = (
  name: string,
  open: () => Promise<VenueStage>,
  given: { readonly hasWire: boolean },
): void => {
  describe(`${name} as a venue`, () => {
    let stage: VenueStage | null = null
    afterEach(async () => {
      await stage?.close()
      stage = null
    })
    for (const { id, title, over, run } of ACCEPTANCE_CASES) {
      if (over === 'wire' && !given.hasWire) continue
      // oxlint-disable-next-line jest/expect-expect -- the cases expect
      it(`${id} ${title}`, async () => {
        stage = await open()
        await run(stage)
      })
    }
  })
}
