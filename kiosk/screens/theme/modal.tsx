import { useEffect, useRef, type ReactNode } from 'react';

/**
 * A modal dialog on the platform's own `<dialog>`: it holds the focus, gives it back, and closes with Escape.
 * `onClose` is the way out that changes nothing.
 */
export function Modal({ labelledBy, className, onClose, children }: {
  labelledBy: string;
  className: string;
  onClose: () => void;
  children: ReactNode;
}): React.JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} className={className} aria-labelledby={labelledBy} onCancel={(event) => { event.preventDefault(); onClose(); }}>
      {children}
    </dialog>
  );
}
