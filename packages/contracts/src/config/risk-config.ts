import { z } from 'zod'

/** S3 §7, S2 §11 and domain §4. Percent means percent: 0.25 is a quarter of one percent. */
export const RiskConfig = z
  .strictObject({
    base_risk_percent: z
      .number()
      .min(0.01)
      .max(2)
      .default(0.25)
      .describe('Equity risked by an A setup'),
    grade_multipliers: z
      .strictObject({
        A: z.number().min(0).max(1).default(1).describe('Share of the base risk for grade A'),
        B: z.number().min(0).max(1).default(0.75).describe('Share of the base risk for grade B'),
        C: z.number().min(0).max(1).default(0.5).describe('Share of the base risk for grade C'),
      })
      .prefault({}),
    min_grade: z.enum(['A', 'B', 'C']).default('C').describe('The lowest grade that is traded'),
    sizing_policy: z
      .enum(['fixed_fraction', 'house_money'])
      .default('fixed_fraction')
      .describe('How the risk multiplier is found'),
    house_money: z
      .strictObject({
        profit_risk_ratio: z
          .number()
          .min(0.1)
          .max(1)
          .default(0.5)
          .describe('Share of session profit that may be risked'),
        min_profit_percent: z
          .number()
          .min(0.1)
          .max(5)
          .default(0.5)
          .describe('Session profit from which it compounds'),
        max_multiplier: z.number().min(1).max(10).default(4).describe('Cap of the multiplier'),
      })
      .prefault({}),
    max_leverage: z
      .number()
      .min(1)
      .max(125)
      .default(10)
      .describe('Cap of position notional in units of equity'),
    min_position_quote: z
      .number()
      .min(0)
      .default(100)
      .describe('Smallest position worth taking, quote asset'),
    max_position_quote: z
      .number()
      .positive()
      .default(1_000_000)
      .describe('Largest position, quote asset'),
    max_open_positions: z.int().min(1).max(50).default(3).describe('Positions open at once'),
    max_per_group: z
      .int()
      .min(1)
      .max(50)
      .default(2)
      .describe('Positions open at once in one correlation group'),
    signal_max_age_ms: z
      .int()
      .min(100)
      .max(60_000)
      .default(2_000)
      .describe('An older signal is stale, in event time'),
    feed_max_age_ms: z
      .int()
      .min(500)
      .max(300_000)
      .default(5_000)
      .describe('A feed without any event for longer is stale'),
    approval_ttl_ms: z
      .int()
      .min(100)
      .max(60_000)
      .default(5_000)
      .describe('Execution refuses an older approval'),
    max_p_false_breakout: z
      .number()
      .min(0)
      .max(1)
      .default(0.4)
      .describe('Model gate; no model, no gate'),
    size_curve: z
      .enum(['locked', 'centered'])
      .default('locked')
      .describe(
        "How a model's quality q scales the risk: locked clamp(0.5 + 1.0 * (q - 0.5), 0.5, 1.25), centered clamp(0.5 + q, 0.5, 1.25); no score, 1",
      ),
    max_slippage_percent: z
      .number()
      .min(0.001)
      .max(5)
      .default(0.1)
      .describe('An entry expected to slip more is denied'),
    slippage: z
      .strictObject({
        base_percent: z
          .number()
          .min(0)
          .max(1)
          .default(0.01)
          .describe('Base of the estimate before calibration'),
        volume_impact: z
          .number()
          .min(0)
          .max(10)
          .default(0.5)
          .describe('Percent per unit of order size over five-minute volume'),
        spread_multiplier: z
          .number()
          .min(0)
          .max(10)
          .default(1.5)
          .describe('Share of the spread paid'),
      })
      .prefault({}),
    session: z
      .strictObject({
        max_consecutive_losses: z
          .int()
          .min(1)
          .max(10)
          .default(3)
          .describe('Losses in a row that stop the session'),
        max_drawdown_percent: z
          .number()
          .min(1)
          .max(20)
          .default(5)
          .describe('Drawdown from the start of the session that liquidates'),
        max_peak_drawdown_percent: z
          .number()
          .min(1)
          .max(50)
          .default(8)
          .describe("Drawdown from the session's peak that stops it"),
        max_single_loss_percent: z
          .number()
          .min(0.1)
          .max(20)
          .default(2)
          .describe('A larger loss pauses the session'),
      })
      .prefault({}),
    breakers: z
      .strictObject({
        daily_loss_percent: z
          .number()
          .min(0.5)
          .max(50)
          .default(4)
          .describe('Realized loss of the session that latches'),
        drawdown_percent: z
          .number()
          .min(1)
          .max(90)
          .default(15)
          .describe('Drawdown from the account high water that latches'),
        orders_per_minute: z
          .int()
          .min(1)
          .max(1000)
          .default(10)
          .describe('Approvals a minute that latch'),
        slippage_mean_percent: z
          .number()
          .min(0.001)
          .max(5)
          .default(0.05)
          .describe('Mean slippage of the last 20 entries and exits that latches'),
        slippage_min_samples: z
          .int()
          .min(2)
          .max(100)
          .default(10)
          .describe('Fewest slippages before that is judged'),
        model_confidence_min: z
          .number()
          .min(0)
          .max(1)
          .default(0.3)
          .describe("Mean of a model's last 20 quality scores of signals below which it latches"),
        model_confidence_min_samples: z
          .int()
          .min(2)
          .max(20)
          .default(10)
          .describe('Fewest scores before that is judged'),
        model_confidence_action: z
          .enum(['rules_only', 'block'])
          .default('rules_only')
          .describe('Latched: its scores count for nothing, or its signals are denied'),
      })
      .prefault({}),
  })
  .describe('Sizing, session guard, breakers, limits')
export type RiskConfig = z.infer<typeof RiskConfig>
