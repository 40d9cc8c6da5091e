const UNITS = ['bytes', 'KB', 'MB'];

/** "820 bytes", "4 KB", "1.3 MB". */
export function fileSize(bytes: number): string {
  const unit = bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2;
  const amount = bytes / 1024 ** unit;
  return `${unit === 2 && amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}
