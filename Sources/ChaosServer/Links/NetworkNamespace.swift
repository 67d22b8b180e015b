import Glibc
import OpsModel
import OpsSystem
import Synchronization

/// The network namespace that this process is in, by the kernel's own tools.
final class NetworkNamespace: LinkGate {
    private static let limit: Duration = .seconds(3)
    private static let program = "/usr/sbin/nft"

    let names = AddressBook()
    private let rules: LinkRules
    private let hasRules = Mutex(false)

    init(_ rules: LinkRules) { self.rules = rules }

    /// Whether it still leads anywhere: a container that ends takes its interfaces with it, and whoever shares its namespace
    /// is left behind in an empty one.
    var isConnected: Bool {
        guard let names = if_nameindex() else { return false }
        defer { if_freenameindex(names) }
        var next = names
        while let name = next.pointee.if_name {
            if String(cString: name) != "lo" { return true }
            next = next.advanced(by: 1)
        }
        return false
    }

    /// Makes the rules, unless this process has made them before.
    ///
    /// - Throws: `unsupported` where this kernel has no nftables, or this process may not use them.
    func setUp() throws(ChaosError) {
        guard !self.hasRules.withLock({ $0 }) else { return }
        do throws(ChaosError) { _ = try self.nft(["-f", "-"], self.rules.setUp) } catch {
            throw ChaosError(.unsupported, error.message, hint: error.hint)
        }
        self.hasRules.withLock { $0 = true }
    }

    /// Nothing where no rules could be made; those of a process before this one may be there all the same.
    func closed() throws(ChaosError) -> [ClosedWay] {
        guard self.hasRules.withLock({ $0 }) else { return (try? self.listed()) ?? [] }
        return try self.listed()
    }

    private func listed() throws(ChaosError) -> [ClosedWay] {
        let text = try self.nft(self.rules.list, "")
        guard let answer = try? OpsJSON.decode(JSONValue.self, from: text.utf8),
            let closed = LinkRules.closed(in: answer)
        else { throw ChaosError(.notApplied, "nft's list of the table makes no sense") }
        return closed
    }

    /// A way to a host that has no address now leads nowhere anyway.
    func close(_ closing: LinkClosing) throws(ChaosError) {
        guard !closing.impairment.needsProxy else {
            throw ChaosError(
                .unsupported,
                "rules of the kernel drop packets, and do nothing else to a way",
                hint: Impairment.proxyHint
            )
        }
        try self.setUp()
        var known: [(address: String, port: Int)] = []
        for way in closing.ways.compactMap({ Way($0) }) {
            for address in self.names.addresses(of: way.host) { known.append((address, way.port)) }
        }
        let script = self.rules.close(
            known,
            losing: closing.impairment.lostPercent,
            token: closing.token,
            milliseconds: Int(closing.seconds * 1_000)
        )
        if !script.isEmpty { _ = try self.nft(["-f", "-"], script) }
    }

    func open(_ closed: [ClosedWay]) throws(ChaosError) {
        guard !closed.isEmpty else { return }
        _ = try self.nft(["-f", "-"], self.rules.open(closed))
    }

    private func nft(_ arguments: [String], _ script: String) throws(ChaosError) -> String {
        let output: (status: ExitStatus?, text: String)
        do throws(SystemError) {
            output = try runBlocking(Self.program, arguments, input: Array(script.utf8), within: Self.limit)
        } catch {
            throw ChaosError(
                .unsupported,
                "nftables cannot be asked: \(error.message)",
                hint: "the machine, or the image of the services, has to have \(Self.program) (Debian: nftables)"
            )
        }
        guard output.status?.isSuccess == true else {
            throw ChaosError(.notApplied, "nft: \(output.text.split(separator: "\n").first ?? "no answer in time")")
        }
        return output.text
    }
}
