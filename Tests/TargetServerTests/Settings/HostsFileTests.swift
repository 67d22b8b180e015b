import OpsSystem
import OpsTestKit
import Testing

@testable import TargetServer

@Suite struct HostsFileTests {
    @Test func saysAtOnceWhatWasWritten() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("hosts")
        let hosts = HostsFile(path: path)
        #expect(hosts.address(of: "pay-a") == nil)
        try FileSystem.writeAtomically("pay-a=127.0.0.1\n", to: path)
        #expect(hosts.address(of: "pay-a") == "127.0.0.1" && hosts.address(of: "pay-b") == nil)
        try FileSystem.writeAtomically("pay-a=127.0.0.9\n", to: path)
        #expect(hosts.address(of: "pay-a") == "127.0.0.9")
        try FileSystem.writeAtomically("pay-b=127.0.0.9\n", to: path)
        #expect(hosts.address(of: "pay-a") == nil)
    }

    @Test func goesByWhatItSaidLastWhileItCannotBeRead() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("hosts")
        try FileSystem.writeAtomically("pay-a=127.0.0.1\n", to: path)
        let hosts = HostsFile(path: path)
        #expect(hosts.address(of: "pay-a") == "127.0.0.1")
        try FileSystem.remove(path)
        #expect(hosts.address(of: "pay-a") == "127.0.0.1")
    }

    @Test func aProxyStandsForThisMachineAndForNobodyElse() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("hosts")
        try FileSystem.writeAtomically("pay-a=127.0.0.1\npay-b=127.0.53.2\n", to: path)
        let hosts = HostsFile(path: path, via: "127.0.0.11")
        #expect(hosts.address(of: "pay-a") == "127.0.0.11" && hosts.address(of: "pay-b") == "127.0.53.2")
        let text = "PAYMENTS_URL=http://pay-a:8031/pay\nPAYMENTS_FALLBACK_URL=http://pay-c:8032\nDB_HOST=127.0.0.1\n"
        let environment = try ShopEnvironment(EnvironmentFile(text: text), path: "shop.env")
        let moved = environment.reached(at: "127.0.0.11", but: hosts)
        #expect(moved.payments.primary == "http://pay-a:8031/pay" && moved.database.host == "127.0.0.11")
        #expect(moved.payments.fallback == "http://127.0.0.11:8032")
    }
}
