/** An SQL identifier in double quotes, whatever it holds. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
