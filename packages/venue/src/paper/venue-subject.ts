/** The request subject on which the paper venue of an account answers with its books (`VenueSnapshot` as JSON). */
export const venueSubject = (account: string): string => `venue.${account}.snapshot`
