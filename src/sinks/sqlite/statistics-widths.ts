/** Widths of `field_counts`, in minutes. */
export const widths = [1, 60, 1_440] as const;
