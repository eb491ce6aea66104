/** The version of the code, as it stands in every envelope and at `/version`. */
export const TAPEDECK_VERSION = '0.1.0'
