import { type Migrations, sql } from '@tapedeck/database'

/** The columns of a label: they are written together, once. */
const LABEL_COLUMNS = [
  'outcome',
  'outcome_ts',
  'bars_to_outcome',
  'mfe_pct',
  'mae_pct',
  'r_achieved',
  'outcome_ambiguous',
  'outcome_resolved_with',
  'outcome_event_id',
] as const

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

/** S0 step 7. Float64 where S0 says REAL, so that labels and scores come back as they were decided. */
const LEDGER = `create table setup_event_ledger (
  run_id uuid not null, setup_event_id text not null, setup_chain_id text not null, event_id uuid not null,
  state text not null check (state in
    ('compression_candidate', 'break_attempt', 'confirmed', 'failed', 'ttl_expired')),
  ts timestamptz not null, bar_open_time timestamptz not null, chain_started_at timestamptz not null,
  venue text not null, symbol text not null, timeframe text not null,
  engine_semver text not null, feature_schema_version text not null, strategy_template_version text,
  feature_snapshot jsonb not null generated always as (feature_snapshot_text::jsonb) stored,
  feature_snapshot_text text not null,
  feature_snapshot_hash text not null
    check (feature_snapshot_hash = encode(sha256(convert_to(feature_snapshot_text, 'UTF8')), 'hex')),
  compression_range_high numeric, compression_range_low numeric, compression_atr_at_detection numeric,
  session_type text not null, time_in_session_sin double precision not null,
  time_in_session_cos double precision not null, minutes_to_session_close double precision,
  is_weekend boolean not null, asset_class text not null default 'crypto',
  break_direction text, entry_price numeric, stop_price_abs numeric, target_price_abs numeric,
  model_quality_score double precision, p_cont_1r double precision, p_false_breakout double precision,
  p_atr_expand double precision, model_version text, calibration_bucket text, score_failure text,
  ttl_bars integer not null default 48, tainted boolean not null,
  outcome text check (outcome in ('hit_1r', 'hit_stop', 'ttl_expired')), outcome_ts timestamptz,
  bars_to_outcome integer, mfe_pct double precision, mae_pct double precision, r_achieved double precision,
  outcome_ambiguous boolean, outcome_resolved_with text, outcome_event_id uuid,
  signal_event_id text,
  primary key (setup_event_id, run_id),
  foreign key (run_id, signal_event_id) references signal_ledger (run_id, signal_id),
  check (outcome is null or state = 'break_attempt'),
  check (num_nulls(${LABEL_COLUMNS.join(', ')}) in (0, ${LABEL_COLUMNS.length})))`

const INDEXES = [
  'create index idx_sel_symbol_ts on setup_event_ledger (symbol, ts)',
  'create index idx_sel_chain on setup_event_ledger (setup_chain_id)',
  'create index idx_sel_state on setup_event_ledger (state)',
  "create index idx_sel_outcome on setup_event_ledger (ts, event_id) where outcome is null and state = 'break_attempt'",
  // Training reads one version in order of time, a page at a time.
  'create index idx_sel_fschema on setup_event_ledger (feature_schema_version, ts, event_id)',
  'create index idx_sel_ts on setup_event_ledger (ts, event_id)',
  'create index signal_ledger_setup_event on signal_ledger (setup_event_id) where setup_event_id is not null',
]

/**
 * Training stands on this: what was frozen cannot be changed, a label and a link are written once, and no
 * row goes away. `feature_snapshot` is left out because the database derives it after this has run.
 */
const GUARD = `create function guard_setup_event() returns trigger language plpgsql as $guard$
declare
  label constant text[] := array[${list(LABEL_COLUMNS)}];
  free constant text[] := label || array['signal_event_id', 'feature_snapshot'];
  before jsonb;
  after jsonb;
  key text;
begin
  if tg_op = 'TRUNCATE' then
    raise exception 'setup events cannot be removed: the ledger only grows' using errcode = 'restrict_violation';
  end if;
  if tg_op = 'DELETE' then
    raise exception 'setup event % cannot be deleted: the ledger only grows', old.setup_event_id
      using errcode = 'restrict_violation';
  end if;
  before := to_jsonb(old);
  after := to_jsonb(new);
  if (after - free) is distinct from (before - free) then
    raise exception 'setup event % is frozen: only its label and its signal may still be written', old.setup_event_id
      using errcode = 'restrict_violation';
  end if;
  foreach key in array label || array['signal_event_id'] loop
    if before -> key <> 'null'::jsonb and before -> key is distinct from after -> key then
      raise exception 'setup event % has its % already: % cannot become %',
        old.setup_event_id, key, before -> key, after -> key using errcode = 'restrict_violation';
    end if;
  end loop;
  return new;
end $guard$`

export const MIGRATIONS: Migrations = {
  '0001_ledgers': {
    up: async (db) => {
      await sql`create table setup_event_ledger (
        run_id uuid not null, setup_id text not null, event_id uuid not null, at bigint not null,
        venue text not null, symbol text not null, strategy text not null, side text not null,
        grade text not null, score int not null, signalled boolean not null, reason text,
        payload jsonb not null, primary key (run_id, setup_id))`.execute(db)
      await sql`create index setup_event_ledger_at on setup_event_ledger (at, setup_id)`.execute(db)
      await sql`create table signal_ledger (
        run_id uuid not null, signal_id text not null, setup_id text not null, event_id uuid not null,
        at bigint not null, venue text not null, symbol text not null, payload jsonb not null,
        primary key (run_id, signal_id))`.execute(db)
    },
  },
  /** The first ledger held evaluations; its name is S0's for the events of a setup's life. */
  '0002_setup_events': {
    up: async (db) => {
      for (const statement of [
        'alter table setup_event_ledger rename to setup_evaluation_ledger',
        'alter index setup_event_ledger_pkey rename to setup_evaluation_ledger_pkey',
        'alter index setup_event_ledger_at rename to setup_evaluation_ledger_at',
        `alter table signal_ledger add column setup_event_id text, add column feature_schema_version text,
          add column strategy_template_version text, add column model_score jsonb`,
        LEDGER,
        ...INDEXES,
        GUARD,
        `create trigger setup_event_guard before update or delete on setup_event_ledger
          for each row execute function guard_setup_event()`,
        `create trigger setup_event_kept before truncate on setup_event_ledger
          for each statement execute function guard_setup_event()`,
      ])
        await sql.raw(statement).execute(db)
    },
  },
}
