import Testing

@testable import OpsRuntime

@Suite struct LabAddressesTests {
    private func record(_ runtime: LabRuntime) throws -> InstanceRecord {
        InstanceRecord(
            instance: .standard,
            runtime: runtime,
            isolation: .containers,
            ports: .standard,
            sockets: "/run/x"
        )
    }

    @Test func asProcessesAllAreOnThisMachine() throws {
        let addresses = LabAddresses(.local, .standard)
        #expect(PortPlan.Listener.allCases.allSatisfy { addresses.url($0) == PortPlan.standard.url($0) })
        #expect(addresses.listen(.web) == "127.0.0.1:8000")
        #expect(try record(.local).outside("http://127.0.0.1:8010") == "http://127.0.0.1:8010")
    }

    @Test func inContainersEachHasAName() throws {
        let addresses = LabAddresses(.compose, .standard)
        #expect(addresses.url(.api2) == "http://api-2:8011")
        #expect(addresses.url(.kill) == "http://chaos:8003")
        #expect(addresses.host(.agentops) == "agentops-db")
        #expect(addresses.listen(.web) == "0.0.0.0:8000")
    }

    /// What is published is the same port, so that a person finds by it whom the others call by name.
    @Test func aPersonOutsideFindsEachAtItsPort() throws {
        let (addresses, record) = (LabAddresses(.compose, .standard), try record(.compose))
        #expect(
            PortPlan.Listener.allCases.allSatisfy { record.outside(addresses.url($0)) == PortPlan.standard.url($0) }
        )
        #expect(record.outside(host: "db") == "127.0.0.1")
    }
}
