import OpsModel
import OpsService

/// Finishes orders whose payment was left open, by asking the provider that may have charged them.
///
/// A provider that does not answer leaves its orders open for as long as it takes: guessing would charge twice or not at all.
struct Settlement: Service {
    let book: OrderBook
    let gateway: PaymentGateway
    let logger: Logger
    /// Longer than any charge can be on its way.
    var quiet = 8

    func run() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(2))
            do { try await settleAll() } catch {
                logger.debug("open payments cannot be read", ["error": .string("\(error)")])
            }
        }
    }

    func settleAll() async throws {
        for order in try await book.stale(seconds: quiet, limit: 50) {
            let record: ChargeRecord?
            do {
                record = try await gateway.find(key: order.key, at: order.provider)
            } catch {
                continue  // silent: asked again at the next round
            }
            try await settle(order, record)
            logger.info("open payment was settled", ["order": .string(order.id)])
        }
    }

    private func settle(_ order: PendingOrder, _ record: ChargeRecord?) async throws {
        switch record?.result {
        case .charged: _ = try await book.confirm(order.id, charge: record?.id ?? "")
        case .declined: try await book.release(order.id, as: "declined", quietFor: quiet)
        case nil: try await book.release(order.id, as: "cancelled", quietFor: quiet)
        }
    }
}
