import type { Message } from '@tapedeck/contracts'
import type { ShellOptions, ShellPorts } from './shell-ports.ts'
import type { Checkpoint, Handled, Processing, Sealed } from './types.ts'

/** A stream service holds at most this many unprojected outputs; then it waits for Postgres. */
const BACKLOG_MAX = 50_000

/** What one commit holds beside the checkpoint. */
export interface Commit<Tx> {
  readonly outputs: readonly Sealed[]
  readonly inputs?: readonly Handled[]
  readonly effect?: ((tx: Tx) => Promise<void>) | undefined
}

/**
 * The way to the store: outputs with the state that made them, in one transaction (durable), or
 * checkpoints with the ledger rows of what was appended since the last one (stream).
 */
export class Committer<Tx> {
  readonly #processing: Pick<Processing<Tx>, 'project' | 'projectsInputs'>
  readonly #ports: Pick<ShellPorts<Tx>, 'store' | 'metrics' | 'now'>
  readonly #options: Pick<ShellOptions, 'checkpointMs' | 'checkpointMessages'>
  readonly #stand: () => Checkpoint
  #backlog: Sealed[] = []
  #inputs: Handled[] = []
  #since = 0
  #checkpointAt = 0

  /** `stand`: where the service stands now, and its state. */
  constructor(
    processing: Pick<Processing<Tx>, 'project' | 'projectsInputs'>,
    ports: Pick<ShellPorts<Tx>, 'store' | 'metrics' | 'now'>,
    options: Pick<ShellOptions, 'checkpointMs' | 'checkpointMessages'>,
    stand: () => Checkpoint,
  ) {
    this.#processing = processing
    this.#ports = ports
    this.#options = options
    this.#stand = stand
  }

  /** Begins anew from what was recovered. */
  reset(): void {
    this.#forget()
    this.#checkpointAt = this.#ports.now()
  }

  /** One more message was handled. */
  count(): void {
    this.#since++
  }

  /** Whether a message that was handled leaves ledger rows of its own. */
  projects({ type }: Message): boolean {
    const { projectsInputs = [] } = this.#processing
    return projectsInputs === true || projectsInputs.includes(type)
  }

  /** Appended outputs, and inputs, whose ledger rows are written with the next checkpoint. */
  keep(appended: readonly Sealed[], inputs: readonly Handled[] = []): void {
    for (const item of appended) this.#backlog.push(item)
    for (const item of inputs) this.#inputs.push(item)
  }

  /** Saves a checkpoint when one is due. */
  async checkpointWhenDue(): Promise<void> {
    const { checkpointMs, checkpointMessages } = this.#options
    const due =
      this.#since >= checkpointMessages ||
      this.#ports.now() - this.#checkpointAt >= checkpointMs ||
      this.#backlog.length + this.#inputs.length >= BACKLOG_MAX
    if (due && this.#since > 0) await this.checkpoint()
  }

  async checkpoint(): Promise<void> {
    const started = this.#ports.now()
    await this.#save([], this.#backlog, this.#inputs, undefined)
    this.#forget()
    this.#checkpointAt = this.#ports.now()
    this.#ports.metrics.checkpointed((this.#checkpointAt - started) / 1000)
  }

  /**
   * Writes outputs to the outbox together with their ledger rows and the state. What waits for its rows
   * goes along: the state that is saved lies behind it.
   */
  async commit({ outputs, inputs = [], effect }: Commit<Tx>): Promise<void> {
    const rows = this.#backlog.length === 0 ? outputs : [...this.#backlog, ...outputs]
    const told = this.#inputs.length === 0 ? inputs : [...this.#inputs, ...inputs]
    await this.#save(outputs, rows, told, effect)
    this.#forget()
  }

  #forget(): void {
    this.#backlog = []
    this.#inputs = []
  }

  async #save(
    outbox: readonly Sealed[],
    rows: readonly Sealed[],
    inputs: readonly Handled[],
    effect: ((tx: Tx) => Promise<void>) | undefined,
  ): Promise<void> {
    const { project } = this.#processing
    const projects = project !== undefined && (rows.length > 0 || inputs.length > 0)
    await this.#ports.store.commit({
      checkpoint: this.#stand(),
      outbox: outbox.map(({ seq, message, subject, eventId, bytes }) => ({
        seq,
        type: message.type,
        subject,
        eventId,
        bytes,
      })),
      project:
        projects || effect !== undefined
          ? async (tx) => {
              if (projects) await project(tx, rows, inputs)
              await effect?.(tx)
            }
          : null,
    })
    this.#since = 0
  }
}
