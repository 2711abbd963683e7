/** The `max` of a date field. Without one browsers take a year of six digits, of which they then make
 * no date. */
export const LAST_DAY = "9999-12-31";
