import CLinux

/// Blocks every signal but those that a fault of the thread itself raises, for this thread and those it starts.
package func blockSignals() { _ = opslab_linux_block_signals() }

/// Waits on this thread for one of the signals; nil when the wait itself failed.
package func awaitSignal(_ signals: [Int32]) -> Int32? {
    let received = opslab_linux_await_signal(signals, Int32(signals.count))
    return received > 0 ? received : nil
}
