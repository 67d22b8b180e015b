import CCurl
import OpsSystem
import Synchronization

/// The one thread that owns libcurl's multi handle and every transfer inside it.
///
/// Others put orders into a list and wake the thread. It lives as long as the process.
final class TransferLoop: Sendable {
    static let shared = TransferLoop()

    private struct Multi: @unchecked Sendable { var raw: UnsafeMutableRawPointer? }  // wake-ups come from any thread
    private enum Order: Sendable {
        case start(Transfer)
        case cancel(Transfer)
        case resume(Transfer)
    }

    private let orders = Mutex<[Order]>([])
    private let multi: Multi

    private init() {
        opslab_curl_init()
        multi = Multi(raw: curl_multi_init())
        opslab_curl_multi_set_long(multi.raw, CURLMOPT_MAXCONNECTS, 128)
        startThread(named: "http-client") { [self] in
            var active: [UnsafeMutableRawPointer: Transfer] = [:]
            while true { turn(&active) }
        }
    }

    func start(_ transfer: Transfer) { give(.start(transfer)) }
    func cancel(_ transfer: Transfer) { give(.cancel(transfer)) }
    /// Asks for the bytes that a sink did not take before.
    func resume(_ transfer: Transfer) { give(.resume(transfer)) }

    private func give(_ order: Order) {
        let isFirst = orders.withLock { orders in
            orders.append(order)
            return orders.count == 1
        }
        if isFirst { curl_multi_wakeup(multi.raw) }
    }

    private func turn(_ active: inout [UnsafeMutableRawPointer: Transfer]) {
        let new = orders.withLock { orders in
            defer { orders = [] }
            return orders
        }
        for order in new { carryOut(order, &active) }
        var running: Int32 = 0
        curl_multi_perform(multi.raw, &running)
        var handle: UnsafeMutableRawPointer?
        var code = CURLE_OK
        while opslab_curl_next_done(multi.raw, &handle, &code) == 1 {
            guard let handle, let transfer = active.removeValue(forKey: handle) else { continue }
            curl_multi_remove_handle(multi.raw, handle)
            transfer.finish(code)
        }
        curl_multi_poll(multi.raw, nil, 0, 1_000, nil)
    }

    private func carryOut(_ order: Order, _ active: inout [UnsafeMutableRawPointer: Transfer]) {
        switch order {
        case .start(let transfer):
            active[transfer.easy] = transfer
            curl_multi_add_handle(multi.raw, transfer.easy)
        case .cancel(let transfer):
            guard active.removeValue(forKey: transfer.easy) != nil else { return }
            curl_multi_remove_handle(multi.raw, transfer.easy)
            transfer.cancel()
        case .resume(let transfer):
            if active[transfer.easy] != nil { opslab_curl_continue(transfer.easy) }
        }
    }
}
