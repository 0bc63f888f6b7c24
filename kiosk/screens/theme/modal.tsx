import { useEffect, useRef, type ReactNode, type RefObject } from 'react';

/**
 * A modal dialog on the platform's own `<dialog>`: it holds the focus, gives it back, and closes with Escape.
 * `onClose` is the way out that changes nothing. `first` takes the focus instead of the first control.
 */
export function Modal({ labelledBy, className, onClose, first, children }: {
  labelledBy: string;
  className: string;
  onClose: () => void;
  first?: RefObject<HTMLElement | null>;
  children: ReactNode;
}): React.JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    first?.current?.focus();
    return () => element?.close();
  }, [first]);
  return (
    <dialog ref={dialog} className={className} aria-labelledby={labelledBy} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      {children}
    </dialog>
  );
}
