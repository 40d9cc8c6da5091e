declare module 'picomatch' {
  interface PicomatchOptions {
    /** Stars match names that begin with a dot. */
    readonly dot?: boolean;
    readonly noextglob?: boolean;
    readonly nonegate?: boolean;
  }
  const picomatch: { makeRe(glob: string, options?: PicomatchOptions): RegExp };
  export default picomatch;
}
