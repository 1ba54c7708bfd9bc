/** The id of the mail to the recipient with this index. */
export function notificationId(queued: { readonly id: string; readonly to: readonly string[] }, index: number): string {
  return queued.to.length === 1 ? queued.id : `${queued.id}-${String(index + 1)}`;
}
