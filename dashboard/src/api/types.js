/**
 * What the API under `/api/v1` sends. Field names are those of the gRPC contract. A number that does not exist (NaN there) is
 * `null` here. Entropies are in nats, counted over visible keys; layers, heads and prompts count from 0.
 *
 * @module
 */

/**
 * A value with its 95% interval; all `null` where it is undefined.
 * @typedef {{value: number|null, low: number|null, high: number|null}} Estimate
 */

/**
 * Mean over heads with its spread (reference estimator).
 * @typedef {{mean: number|null, standard_deviation: number|null, low: number|null, high: number|null, count: number}} SampleMean
 */

/** The part a model plays in a run. @typedef {'base'|'instruct'|'single'} Part */

/**
 * One run in a list.
 * @typedef {object} RunSummary
 * @property {string} id
 * @property {string} family
 * @property {'running'|'complete'|'failed'|'interrupted'} state
 * @property {number} steps_done
 * @property {number} steps_total
 * @property {string} failure one sentence; empty where it did not fail
 * @property {string} base_model name of the base model, or of the only one
 * @property {string|null} instruct_model
 * @property {string} prompt_set
 * @property {string|null} measured_at when it was first started, RFC 3339
 */

/** @typedef {{items: RunSummary[], next_page_token: string|null}} RunPage `GET /runs?family=&state=&page_size=&page_token=` */

/**
 * @typedef {object} ModelInfo
 * @property {Part} part
 * @property {string} name
 * @property {string} architecture
 * @property {string} digest
 * @property {number} layer_count
 * @property {number} head_count
 * @property {number} parameter_count
 * @property {'unverified'|'supported'|'degraded'|'wrong'} parity
 * @property {string[]} quantisation
 * @property {'causal'|'bidirectional'} attention
 */

/**
 * @typedef {object} PromptInfo
 * @property {number} index place among all prompts of the run
 * @property {string} category
 * @property {number} number place in its category
 * @property {string} text
 * @property {Partial<Record<Part, number>>} token_counts
 */

/** @typedef {{path: string, size_bytes: number, media_type: string, href: string}} Artifact */

/**
 * `GET /runs/{id}`.
 * @typedef {object} RunDetail
 * @property {RunSummary} run
 * @property {ModelInfo[]} models base first
 * @property {Record<string, unknown>} options RoleOptions with defaults filled in; its `categories` left out
 * @property {{self: string, neutral: string, confounder: string}} roles which category plays which part
 * @property {string[]} categories in order
 * @property {PromptInfo[]} prompts
 * @property {string[]} verdict paragraphs; empty for a single model or a run that is not complete
 * @property {Record<string, unknown>|null} confounds ConfoundReport
 * @property {Artifact[]} artifacts
 */

/**
 * One index (RFC or RSI) of a layer of one model.
 * @typedef {{reference: SampleMean, prompt_index: Estimate, ratio_of_sums: Estimate, head_median: number|null}} LayerIndex
 */

/**
 * Instruct minus base.
 * @typedef {object} IndexDifference
 * @property {Estimate} reference
 * @property {boolean} reference_significant
 * @property {Estimate} ratio_of_sums
 * @property {number|null} p_value
 * @property {number|null} q_value
 * @property {boolean} significant
 */

/**
 * @typedef {object} LayerRow
 * @property {number} layer
 * @property {Partial<Record<Part, {rfc: LayerIndex, rsi: LayerIndex, degenerate_heads: number, unstable: boolean}>>} parts
 * @property {{rfc: IndexDifference, rsi: IndexDifference}|null} difference null for a single model
 * @property {boolean} unstable
 */

/** @typedef {{parts: Part[], layers: LayerRow[]}} Layers `GET /runs/{id}/layers` */

/**
 * Mean entropy over heads of the prompts of one category, Student t interval over prompts.
 * @typedef {{part: Part, layer: number, category: string, mean: number|null, low: number|null, high: number|null, n: number}} CategoryRow
 */

/**
 * Mean of one category minus mean of another, Welch interval.
 * @typedef {{part: Part, layer: number, minuend: string, subtrahend: string, mean: number|null, low: number|null, high: number|null}} CategoryDifference
 */

/**
 * `GET /runs/{id}/categories?entropy=exact`. Differences: confounder minus self, and neutral minus self.
 * @typedef {{entropy: string, parts: Part[], categories: string[], rows: CategoryRow[], differences: CategoryDifference[]}} Categories
 */

/**
 * Pooled exact entropies of one head of one model and what follows from them.
 * @typedef {object} HeadPart
 * @property {number|null} self_nats
 * @property {number|null} neutral_nats
 * @property {number|null} confounder_nats
 * @property {number|null} rfc
 * @property {number|null} rsi
 * @property {boolean} degenerate
 * @property {number|null} cohens_d self against neutral
 * @property {number|null} hedges_g
 */

/**
 * @typedef {object} HeadRow
 * @property {number} layer
 * @property {number} head
 * @property {Partial<Record<Part, HeadPart>>} parts
 * @property {{did_median: number|null, did_consistency: number|null, q_value: number|null, composite_score: number|null, rank: number}|null} did
 *   null for a single model or too few prompts to pair
 * @property {{denoising: Estimate, noising: Estimate|null}|null} patching recovery when patched by itself; null where no sweep
 *   was made for the family's models
 */

/** @typedef {{parts: Part[], layer_count: number, head_count: number, heads: HeadRow[]}} Heads `GET /runs/{id}/heads` */

/**
 * Exact entropy of one head for every prompt, in prompt order.
 * @typedef {{layer: number, head: number, parts: Partial<Record<Part, (number|null)[]>>}} HeadEntropies `GET /runs/{id}/heads/{layer}/{head}/entropies`
 */

/**
 * Mean attention of a head to the first and to the last three keys, over prompts of a category (query positions from 1 on).
 * @typedef {{part: Part, layer: number, head: number, category: string, first: number|null, last: number|null}} KeyAttentionRow
 */

/** @typedef {{parts: Part[], categories: string[], rows: KeyAttentionRow[]}} KeyAttention `GET /runs/{id}/key-attention?layers=0,5,10` */

/**
 * Attention pattern of one head on one prompt.
 * @typedef {object} Pattern `GET /runs/{id}/patterns/{part}/{layer}/{head}/{prompt}`
 * @property {string[]} tokens as in the vocabulary
 * @property {number} size number of tokens
 * @property {string} pattern float32, little-endian, row-major [query][key], base64
 */

/**
 * @typedef {object} CandidateRow
 * @property {number} rank
 * @property {number} layer
 * @property {number} head
 * @property {number|null} did_median
 * @property {number|null} did_log_ratio_median
 * @property {number|null} did_consistency
 * @property {number|null} baseline_entropy
 * @property {number|null} composite_score
 * @property {number|null} wilcoxon_p_value
 * @property {number|null} q_value
 * @property {{divergences: {category: string, mean_kl_nats: number|null}[]}|null} ablation zero_out of the instruct model; null where not done
 * @property {{denoising: Estimate, noising: Estimate|null, verdict: 'causal'|'correlate_only'|'undecided', explanation: string}|null} patching
 */

/** @typedef {{ranked_count: number, entropy: string, candidates: CandidateRow[], causes: {verdict: string, rule: string}|null}} Candidates `GET /runs/{id}/candidates?top_k=&entropy=` */

/**
 * What was found by an ablation run of a model of this run. `GET /runs/{id}/interventions`: `{items: InterventionInfo[]}`.
 * @typedef {{id: string, model: string, interventions: {name: string, divergences: {category: string, mean_kl_nats: number|null}[]}[]}} InterventionInfo
 */

/**
 * What was found by patching models of this run. `GET /runs/{id}/patching`: `{items: PatchingInfo[]}`.
 * @typedef {object} PatchingInfo
 * @property {string} id
 * @property {string} source_model
 * @property {string} target_model
 * @property {'z'|'pattern'|'mlp_out'|'resid_post'} site
 * @property {'logit_difference'|'divergence'} measure
 * @property {boolean} sweep
 * @property {number} pairs
 * @property {{heads: {layer: number, head: number}[], denoising: Estimate, noising: Estimate|null, verdict: string, explanation: string}[]} scores
 */

/**
 * One measured model version. Index values are by the default estimator.
 * @typedef {object} VersionRow
 * @property {string} run_id
 * @property {Part} part
 * @property {string} model
 * @property {string} digest
 * @property {string|null} measured_at
 * @property {{layer: number, rfc: Estimate, rsi: Estimate}[]} layers
 * @property {{rfc: number|null, rsi: number|null}} mean over layers
 * @property {string[]} flags sentences, for example layers beyond a threshold against the version before, or parity that is not supported
 */

/** @typedef {{families: {family: string, versions: VersionRow[]}[], thresholds: {rfc: number, rsi: number}}} Versions `GET /versions` */

/**
 * Families against each other. `GET /cross-model?runs=a,b&statistic=reference|ratio_of_sums` (default: the newest complete comparison of each family).
 * @typedef {object} CrossModel
 * @property {{name: string, family: string, run_id: string, index: 'rfc'|'rsi', values: {layer: number, depth: number, value: number|null}[], mean: number|null, above: number, below: number, within: number, direction: string}[]} series
 * @property {{first: string, second: string, index: 'rfc'|'rsi', pearson_r: number|null, pearson_p: number|null, spearman_r: number|null, spearman_p: number|null, layers_compared: number, interpolated: boolean}[]} correlations
 * @property {string} verdict
 */

/** A live event of `GET /runs/{id}/events` (SSE, event names `progress` and `end`). @typedef {{run: RunSummary, step: string}} RunEvent */

/** RFC 9457, `application/problem+json`. @typedef {{type: string, title: string, status: number, detail: string, instance?: string}} Problem */

export {};
